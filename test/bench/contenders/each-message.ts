// The loop that most teams write: one message after another, awaiting each effect. Arguments: prefix, messages.
import { openPlain } from './plain.ts'
import { report, RunMeter } from './meter.ts'

const [prefix = '', count = '0'] = process.argv.slice(2)
const plain = await openPlain(prefix, 'each-message')
const meter = new RunMeter()
let done = 0
await plain.consumer.run({
  eachMessage: async ({ message }) => {
    meter.start()
    await plain.work(message)
    if (++done === Number(count)) report(meter.stop(done))
  },
})
