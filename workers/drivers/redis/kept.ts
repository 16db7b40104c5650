// Proves that a Redis keeps what it was told: it evicts nothing and writes to disk. Asks INFO, which every user may.
import type { Redis } from 'ioredis'
import { SluiceError } from '../../core/errors.ts'
import { nameOf, type Place } from './settings.ts'

export async function provesKept(client: Redis, place: Place): Promise<void> {
  const [memory, persistence] = await Promise.all([
    client.info('memory'),
    client.info('persistence'),
  ])
  const policy = field(memory, 'maxmemory_policy')
  if (policy !== 'noeviction')
    throw new SluiceError('SLU5406', {
      message: `${nameOf(place)} may evict what state, stores and jobs need: its maxmemory-policy is ${policy ?? 'unknown'} (${place.origin})`,
    })
  if (field(persistence, 'aof_enabled') !== '1')
    throw new SluiceError('SLU5407', {
      message: `${nameOf(place)} forgets state, stores and jobs when it restarts: appendonly is off (${place.origin})`,
    })
}

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
