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
    then: 'it does not run: it waits as long as `connect.within` says, and ends with the reason. On a Redis that keeps what it has it runs',
    line: { ...KEEPING, edits: [['connect: { within: 10m }', 'connect: { within: 15s }']] },
    harms: 'brokers',
    async run(ordeal) {
      const policy = (name: string) =>
        ordeal.brokers.redis('CONFIG', 'SET', 'maxmemory-policy', name)
      await ordeal.feed({ messages: 200 })
      await policy('allkeys-lru')
      ordeal.afterwards(() => policy('noeviction'))
      const { code, stderr } = await ordeal.worker().finished
      ordeal.check(code !== 0, 'it ended in good order')
      ordeal.check(/maxmemory-policy is allkeys-lru/.test(stderr), `it does not say why: ${stderr}`)
      ordeal.check(!stderr.includes('The worker runs'), 'it runs')
      await policy('noeviction')
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
        () =>
          ordeal.brokers.redis('CLIENT', 'PAUSE', String(Math.round(ordeal.profile.wait(20_000)))),
        () => Promise.resolve(),
      ),
  },
]
