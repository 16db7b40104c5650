// The platform of pipelines/ as `sluice up` runs it on real brokers, under a prefix of its own: its processes, its client, and when it is at rest.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { Fleet } from '../../../../workers/generated/fleet.ts'
import { openFleet, type FleetClient, type HealthClient } from '../../../../workers/index.ts'
import type { Lag } from '../../../../workers/ops/lag.ts'
import { sluice, until, type Finished, type Running } from '../worker-process.ts'

export const PLATFORM = resolve(import.meta.dirname, '../../../..')

/** Whatever is still at work by then works in vain. */
const PATIENCE_MS = 240_000
/** A message on its way from one broker to another may be missed by one look, but not by several. */
const LOOKS = 3

/** Nobody reads them: what they hold is what the platform did. */
const UNREAD = new Set(['alerts.review', 'notifications.chat', 'commands.dlq'])

export interface Platform {
  readonly prefix: string
  readonly client: FleetClient<Fleet> & { readonly health: HealthClient }
  readonly up: Running
  /** Without warning; another takes its place. */
  kill(seat: string): Promise<void>
  /** Runs a command of the product on this platform, with JSON as its result. */
  ask<T>(...args: readonly string[]): Promise<T>
  /** Nothing waits for anybody, and nobody is at work. */
  rests(): Promise<void>
  /** In good order; kills what does not stop. */
  stop(): Promise<Finished>
}

export async function startPlatform(env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const prefix = `platform-${randomUUID().slice(0, 8)}.`
  const own = { SLUICE_PREFIX: prefix, NO_COLOR: '1', ...env }
  const up = sluice(['up', '--project', PLATFORM], own)
  const client = openFleet<Fleet>({ project: PLATFORM, env: { ...process.env, ...own } })
  const seats = () => [...up.stderr().matchAll(/A worker is ready/g)].length
  const ask = async <T>(...args: readonly string[]): Promise<T> => {
    const all = [...args, '--project', PLATFORM, '--format', 'json']
    const { code, stdout, stderr } = await sluice(all, own).finished
    if (code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${code}:\n${stderr}`)
    return JSON.parse(stdout) as T
  }
  const waits = async () => {
    const { groups, queues, jobs, away } = await ask<Lag>('lag')
    const left = [
      ...groups.map(({ lag }) => lag),
      ...queues
        .filter(({ name }) => !UNREAD.has(name))
        .map(({ ready, unacknowledged }) => ready + (unacknowledged ?? 1)),
      ...jobs.map(({ waiting, active, delayed }) => waiting + active + delayed),
    ]
    return away.length + left.reduce((sum, n) => sum + n, 0)
  }
  const platform: Platform = {
    prefix,
    client,
    up,
    async kill(seat) {
      const before = seats()
      process.kill(pidOf(up, seat), 'SIGKILL')
      await until(`${seat} is replaced`, () => seats() > before, PATIENCE_MS)
    },
    ask,
    async rests() {
      let calm = 0
      await until(
        'the platform rests',
        async () => {
          calm = (await waits()) === 0 ? calm + 1 : 0
          return calm === LOOKS
        },
        PATIENCE_MS,
      )
    },
    async stop() {
      await client.close()
      up.child.kill('SIGTERM')
      return up.finished
    },
  }
  try {
    await until('every worker is ready', () => seats() >= SEATS, PATIENCE_MS)
  } catch (error) {
    await platform.stop()
    throw new Error(up.stderr(), { cause: error })
  }
  return platform
}

/** As `workers:` of fleet.yaml has them. */
export const SEATS = 3

/** Of the latest process in a seat. */
function pidOf(up: Running, seat: string): number {
  const named = new RegExp(`"worker":"${seat}","process":(\\d+)`, 'g')
  return Number([...up.stderr().matchAll(named)].at(-1)?.[1])
}
