// Messages that come more than once by themselves: F31.
import type { Scenario } from '../scenario.ts'

export const repeats: readonly Scenario[] = (['topic', 'queue'] as const).map((from) => ({
  fault: 'F31',
  name: `sent three times to a ${from}`,
  does: 'the producer sends everything three times, and a worker is killed in the midst of it; with `once`',
  then: 'what is stored is written once, each job is there once; the rest is counted as duplicates',
  line: { from, to: ['store', 'job'], once: true },
  harms: 'workers',
  async run(ordeal) {
    const items = await ordeal.feed({ messages: ordeal.profile.messages / 2, lastsMs: 3_000 })
    await ordeal.refeed(items)
    const worker = await ordeal.worker().runs()
    await ordeal.flows(undefined, 20)
    await worker.kill()
    await ordeal.refeed(items)
    const last = ordeal.worker({ untilIdle: true })
    await last.finished
    const counts = (await last.report())?.pipelines['line']
    ordeal.check(
      (counts?.duplicates ?? 0) >= items.length,
      `${counts?.duplicates} duplicates were counted`,
    )
    ordeal.limit('store', 1)
    ordeal.limit('job', 1)
  },
}))
