// Sluice on the embedded drivers, a pipeline of one `call`. Arguments: messages.
import { resolve } from 'node:path'
import { openSender } from '../../../workers/cli/sender.ts'
import { payload } from '../payload.ts'
import { report, RunMeter } from './meter.ts'
import { startFleetWorker } from './worker.ts'

const count = Number(process.argv[2] ?? 0)
const { worker, plan, factories, world, log } = await startFleetWorker({
  root: resolve(import.meta.dirname, '../fleet'),
  pipeline: 'call',
  prefix: '',
  embedded: true,
})
await worker.start()
const counts = worker.counts.pipelines['call']
const sender = openSender({ plan, factories, prefix: '', world, log })
const sink = sender.sink('requests')
const meter = new RunMeter()
meter.start()
for (let n = 0; n < count; n++) {
  const { key, value } = payload(n)
  // What sends them is part of what is measured: nothing else makes traffic without brokers.
  await sink.send({
    id: `m${n}`,
    key: Buffer.from(key),
    value,
    headers: {},
    timestamp: 0,
    contentType: 'application/json',
  })
}
const watch = setInterval(() => {
  if (counts === undefined || counts.acked < count) return
  clearInterval(watch)
  report(meter.stop(counts.acked))
}, 1)
