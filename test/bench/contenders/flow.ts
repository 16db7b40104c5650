// The flow of the bench on real brokers: says when it is ready, then works off so many messages. Arguments: prefix, messages.
import { resolve } from 'node:path'
import { startFleetWorker } from './worker.ts'
import { report, RunMeter } from './meter.ts'

const [prefix = '', count = '0'] = process.argv.slice(2)
const { worker } = await startFleetWorker({
  root: resolve(import.meta.dirname, '../fleet'),
  pipeline: 'flow',
  prefix,
  embedded: false,
})
const meter = new RunMeter()
const counts = worker.counts.pipelines['flow']
await worker.start()
let isReady = false
const watch = setInterval(() => {
  if (!isReady && worker.checks().every(({ status }) => status === 'pass')) {
    isReady = true
    process.stdout.write('ready\n')
  }
  if (counts === undefined || counts.accepted === 0) return
  meter.start()
  if (counts.acked < Number(count)) return
  clearInterval(watch)
  report(meter.stop(counts.acked))
}, 1)
