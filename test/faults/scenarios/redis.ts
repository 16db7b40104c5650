// A Redis that is full, forgetful, read-only or elsewhere in its mind: F19 to F22.
import type { Ordeal } from '../ordeal.ts'
import type { Scenario } from '../scenario.ts'

const KEEPING = { from: 'topic', to: ['cache', 'store', 'job', 'event'], once: true } as const

/** Something is wrong with Redis for a while; the same worker goes on by itself. */
async function meanwhile(
  ordeal: Ordeal,
  wrong: () => Promise<unknown>,
  right: () => Promise<unknown>,
) {
  const worker = await ordeal.worker().runs()
  await ordeal.feedPart(3)
  await ordeal.flows(undefined, 20)
  await wrong()
  ordeal.allowEnd()
  await ordeal.feedPart(3)
  await ordeal.pause(20_000)
  await right()
  await ordeal.feedPart(3)
  await ordeal.flows()
  ordeal.check(worker.alive, 'the worker ended')
}

export const redis: readonly Scenario[] = [
  {
    fault: 'F19',
    name: 'Redis out of memory',
    does: 'Redis has no memory left for 20 s and evicts nothing',
    then: 'caches are passed by; values and jobs are tried again until there is room, and no message is passed without them',
    line: KEEPING,
    harms: 'brokers',
    run: (ordeal) =>
      meanwhile(
        ordeal,
        () => ordeal.brokers.redis('CONFIG', 'SET', 'maxmemory', '1mb'),
        () => ordeal.brokers.redis('CONFIG', 'SET', 'maxmemory', '0'),
      ),
  },
  {
    fault: 'F20',
    name: 'a Redis that evicts',
    does: 'a worker with jobs and stored values starts on a Redis that evicts (allkeys-lru)',
    then: 'it refuses to run and says why; on a Redis that keeps what it has it runs',
    line: KEEPING,
    harms: 'brokers',
    async run(ordeal) {
      await ordeal.feed({ messages: 200 })
      await ordeal.brokers.redis('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
      const worker = ordeal.worker()
      await ordeal.until('it says why', () => !worker.alive || worker.said.includes('noeviction'))
      ordeal.check(/noeviction/.test(worker.said), `it said nothing of it: ${worker.said}`)
      ordeal.check(!worker.said.includes('The worker runs'), 'it runs')
      if (worker.alive) await worker.kill()
      await ordeal.brokers.redis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    },
  },
  {
    fault: 'F21',
    name: 'everything in Redis is gone',
    does: 'FLUSHALL in the midst of work: caches, values and records of what is done are gone',
    then: 'what comes from now on is done as ever; nothing that waits is lost, since it waits in its source. What stood in Redis alone is gone',
    line: { from: 'topic', to: ['cache', 'store', 'event'], once: true },
    harms: 'brokers',
    async run(ordeal) {
      ordeal.rob('store')
      await meanwhile(
        ordeal,
        () => ordeal.brokers.redis('FLUSHALL'),
        () => Promise.resolve(),
      )
    },
  },
  {
    fault: 'F22',
    name: 'a Redis that only reads',
    does: 'Redis becomes the replica of a server that is not there, for 20 s: writes are answered READONLY',
    then: 'what cannot be written is tried again; the same worker goes on by itself',
    line: KEEPING,
    harms: 'brokers',
    run: (ordeal) =>
      meanwhile(
        ordeal,
        () => ordeal.brokers.redis('REPLICAOF', '127.0.0.1', '1'),
        () => ordeal.brokers.redis('REPLICAOF', 'NO', 'ONE'),
      ),
  },
  {
    fault: 'F22',
    name: 'Redis closes connections',
    does: 'CLIENT KILL of every connection, ten times',
    then: 'each is opened again; answers never reach another question',
    line: KEEPING,
    harms: 'brokers',
    run: (ordeal) =>
      meanwhile(
        ordeal,
        async () => {
          for (let n = 0; n < 10; n++) {
            await ordeal.brokers.redis('CLIENT', 'KILL', 'TYPE', 'normal')
            await ordeal.pause(300)
          }
        },
        () => Promise.resolve(),
      ),
  },
  {
    fault: 'F22',
    name: 'Redis pauses',
    does: 'CLIENT PAUSE for 20 s: commands wait, connections stay',
    then: 'caches are passed by; the rest gives up in time and is done again',
    line: KEEPING,
    harms: 'brokers',
    run: (ordeal) =>
      meanwhile(
        ordeal,
        () => ordeal.brokers.redis('CLIENT', 'PAUSE', String(ordeal.profile.wait(20_000))),
        () => Promise.resolve(),
      ),
  },
]
