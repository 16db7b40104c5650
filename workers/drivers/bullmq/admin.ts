// The schedules that a Redis keeps, for `plan` and `apply`: found by the names of their queues, removed one at a time; touches no job that was added already.
import { QueueKeys } from 'bullmq'
import type { FoundSchedule, ScheduleAdmin } from '../../core/admin.ts'
import type { DriverContext } from '../../core/contract.ts'
import { serversOf, type RedisClient } from '../redis/client.ts'
import { nameOf, type Place, type RedisSettings } from '../redis/settings.ts'
import { openLife } from '../redis/life.ts'
import { JOB_BOUNDS } from './bounds.ts'
import { createQueues, nameOn } from './queues.ts'

/** Of keys that are looked at in one question: others are served between two. */
const PAGE = 1_000

const REPEAT = 'repeat'
/** What stands before and after the address of a queue in the key of its schedules. */
const aroundAddress = (client: RedisClient) =>
  new QueueKeys().toKey(nameOn(client, '\n'), REPEAT).split('\n') as [string, string]
/** Nothing in it is a pattern. */
const literally = (text: string) => text.replaceAll(/[[\]*?\\^-]/g, String.raw`\$&`)

export function createScheduleAdmin(
  settings: RedisSettings,
  context: DriverContext,
): ScheduleAdmin {
  const place: Place = { settings, origin: context.origin }
  const { driver, run } = openLife({ place, context, bounds: JOB_BOUNDS })
  const queueOf = createQueues()

  async function addressesBelow(beginning: string): Promise<string[]> {
    const [before, after, servers] = await run('the search', (client) =>
      Promise.resolve([...aroundAddress(client), serversOf(client)] as const),
    )
    const match = `${literally(before + beginning)}*${literally(after)}`
    const found = new Set<string>()
    for (const server of servers) {
      let cursor = '0'
      do {
        const [next, keys] = await run('the search', () =>
          server.scan(cursor, 'MATCH', match, 'COUNT', PAGE),
        )
        for (const key of keys) found.add(key.slice(before.length, key.length - after.length))
        cursor = next
      } while (cursor !== '0')
    }
    return [...found].toSorted()
  }

  return {
    target: nameOf(place),
    connect: () => driver.connect(),
    close: () => driver.close(),
    async look(beginning) {
      const found: FoundSchedule[] = []
      for (const address of await addressesBelow(beginning)) {
        const kept = await run('the schedules', (client) =>
          queueOf(client, { address }).getJobSchedulers(),
        )
        const says = kept.map(({ every, pattern, tz }) =>
          every === undefined || every === null
            ? `${pattern ?? ''}${tz === undefined ? '' : ` ${tz}`}`
            : `every ${every} ms`,
        )
        if (kept.length > 0) found.push({ address, says: says.join(', ') })
      }
      return found
    },
    async carryOut({ address }) {
      await run('the removal', async (client) => {
        const queue = queueOf(client, { address })
        for (const { key } of await queue.getJobSchedulers()) await queue.removeJobScheduler(key)
      })
    },
  }
}
