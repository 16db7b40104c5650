// How many jobs stand where, as BullMQ keeps them; looking changes nothing.
import type { RedisLink } from '../redis/link.ts'
import { NOTE } from './job-notes.ts'
import type { JobWorker } from './job-worker.ts'

type Redis = Pick<RedisLink, 'run'>
type Keys = Pick<JobWorker, 'keys'>

/** `waiting`: may be taken now; `taken`: somebody is at work on them; `limited`: a rate limit holds back what waits. */
export async function jobCounts(redis: Redis, { keys }: Keys) {
  const { wait, prioritized, active, limiter } = keys as Record<string, string>
  const [plain, ranked, taken, limited] = await redis.run('the count', (client) =>
    Promise.all([
      client.llen(wait as string),
      client.zcard(prioritized as string),
      client.llen(active as string),
      client.exists(limiter as string),
    ]),
  )
  return { waiting: plain + ranked, taken, limited: limited > 0 }
}

const PAGE = 500

/** Whether a parked job waits. Jobs that were added with a delay are nobody's to wait for. */
export async function anyParked(
  redis: Redis,
  worker: Keys & Pick<JobWorker, 'toKey'>,
): Promise<boolean> {
  const delayed = worker.keys['delayed'] as string
  for (let from = 0; ; from += PAGE) {
    const [size, noted] = await redis.run('the parked jobs', async (client) => {
      const ids = await client.zrange(delayed, from, String(from + PAGE - 1))
      const found = await Promise.all(ids.map((id) => client.hexists(worker.toKey(id), NOTE)))
      return [ids.length, found.includes(1)] as const
    })
    if (noted || size < PAGE) return noted
  }
}
