// Sluice on slow handlers, each key in order. Arguments: prefix, messages.
import { resolve } from 'node:path'
import { startFleetWorker } from './worker.ts'
import { report, RunMeter } from './meter.ts'

const [prefix = '', count = '0'] = process.argv.slice(2)
const { worker } = await startFleetWorker({
  root: resolve(import.meta.dirname, '../fleet'),
  pipeline: 'tasks',
  prefix,
  embedded: false,
})
const meter = new RunMeter()
const counts = worker.counts.pipelines['tasks']
await worker.start()
process.stdout.write('ready\n')
const watch = setInterval(() => {
  if (counts === undefined || counts.accepted === 0) return
  meter.start()
  if (counts.acked >= Number(count)) {
    clearInterval(watch)
    report(meter.stop(counts.acked))
  }
}, 1)
