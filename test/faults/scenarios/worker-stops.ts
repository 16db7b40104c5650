// Workers that are told to stop, paused, or stand still by themselves: F3 to F5.
import type { Scenario } from '../scenario.ts'

export const workerStops: readonly Scenario[] = [
  {
    fault: 'F3',
    name: 'SIGTERM',
    does: 'SIGTERM with 32 handlers of 2 s at work',
    then: 'it is not ready from then on, takes nothing new, finishes what is at work, exits with 0; nothing at all is done again',
    line: { from: 'topic', to: ['command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: Math.min(400, ordeal.profile.messages), ms: 2_000 })
      const worker = await ordeal.worker().runs()
      await ordeal.flows()
      const stopped = worker.stop()
      await ordeal.until('it is not ready', async () => (await worker.probe('/readyz')) !== 200)
      ordeal.check((await stopped) === 0, `it ended with ${await stopped}`)
      const report = (await worker.report())?.pipelines['line']
      const done = await ordeal.progress()
      ordeal.check(report?.acked === done, `it acked ${report?.acked} and did ${done}`)
    },
  },
  {
    fault: 'F3',
    name: 'SIGTERM beside a hung handler',
    does: 'SIGTERM while a handler never comes back; the drain may take 10 s',
    then: 'it exits when the drain is over; what hung is not acknowledged, and another worker takes it',
    line: { from: 'topic', to: ['event'], timeout: '20s', attempts: 2 },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: 200, ms: 20, acts: new Map([[50, 'hang']]) })
      const worker = await ordeal.worker().runs()
      await ordeal.reaches(0.9)
      ordeal.allowEnd()
      const code = await worker.stop()
      ordeal.check(code === 0, `it ended with ${code}`)
    },
  },
  {
    fault: 'F3',
    name: 'SIGTERM twice',
    does: 'a second SIGTERM while it drains',
    then: 'it ends at once with 143; what was at work is done again by another',
    line: { from: 'topic', to: ['event'] },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: 200, ms: 3_000 })
      const worker = await ordeal.worker().runs()
      await ordeal.flows()
      worker.signal('SIGTERM')
      await ordeal.until('it drains', async () => (await worker.probe('/readyz')) !== 200)
      await ordeal.pause(500)
      ordeal.allowEnd()
      worker.signal('SIGTERM')
      const { code } = await worker.finished
      ordeal.check(code === 143 || code === 0, `it ended with ${code}`)
    },
  },
  {
    fault: 'F4',
    name: 'SIGSTOP',
    does: 'SIGSTOP of a worker for longer than its session, while another takes over; then SIGCONT',
    then: 'what it still had in hand is refused by the generation of the group: no offset goes back, keys stay in order, at most what was at work is done again',
    line: { from: 'topic', to: ['command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ lastsMs: 20_000 })
      const worker = await ordeal.worker().runs()
      await ordeal.flows(undefined, 50)
      worker.signal('SIGSTOP')
      ordeal.allowEnd()
      const other = await ordeal.worker().runs()
      await ordeal.pause(60_000)
      await ordeal.flows()
      worker.signal('SIGCONT')
      await ordeal.flows(undefined, 50)
      ordeal.check(worker.alive && other.alive, 'a worker ended')
      await ordeal.checkCommits()
    },
  },
  {
    fault: 'F5',
    name: 'blocked loop',
    does: 'a handler of a job blocks the event loop once, for longer than the lock of the job lasts, beside another worker; with `once`',
    then: 'the other worker may take the job over: what is stored is written once, the next job is there once',
    line: { from: 'jobs', to: ['store', 'job'], once: true },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: 300, ms: 100 })
      const worker = await ordeal.worker().runs()
      const other = await ordeal.worker().runs()
      await ordeal.feed({ messages: 1, ms: 15_000, acts: new Map([[300, 'block']]) })
      await ordeal.reaches(1)
      ordeal.check(worker.alive && other.alive, 'a worker ended')
    },
  },
]
