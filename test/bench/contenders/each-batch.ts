// The fast loop: 256 messages at once over all partitions, no order per key, no retries, no dead letters. Arguments: prefix, messages.
import { openPlain } from './plain.ts'
import { report, RunMeter } from './meter.ts'

/** Four partitions at 64 each: 256 at once, and no partition waits for another's slowest message. */
const AT_ONCE = 64
const [prefix = '', count = '0'] = process.argv.slice(2)
const plain = await openPlain(prefix, 'each-batch')
const meter = new RunMeter()
let done = 0
await plain.consumer.run({
  partitionsConsumedConcurrently: 4,
  eachBatchAutoResolve: true,
  eachBatch: async ({ batch, heartbeat, resolveOffset }) => {
    meter.start()
    for (let at = 0; at < batch.messages.length; at += AT_ONCE) {
      const chunk = batch.messages.slice(at, at + AT_ONCE)
      await Promise.all(chunk.map((message) => plain.work(message)))
      resolveOffset(chunk.at(-1)?.offset ?? batch.lastOffset())
      await heartbeat()
      done += chunk.length
      if (done >= Number(count)) report(meter.stop(done))
    }
  },
})
