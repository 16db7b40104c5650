// Sluice itself on real brokers, through the same composition as the command line. Arguments: prefix, messages.
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
const watch = setInterval(() => {
  if (counts === undefined || counts.accepted === 0) return
  meter.start()
  if (counts.acked >= Number(count)) {
    clearInterval(watch)
    report(meter.stop(counts.acked))
  }
}, 1)
