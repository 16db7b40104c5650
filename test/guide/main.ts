// `npm run guide`: walks the README's table of the guide's rows and exercises each on real brokers; prints a line a row.
import { ensureBrokers } from '../../infra/brokers/index.ts'
import { guide } from './exercises.ts'
import { openStage } from './stage.ts'

const rows = guide()
const brokers = await ensureBrokers()
Object.assign(process.env, brokers.env)
let failed = 0
try {
  const stage = await openStage()
  try {
    for (const { row, exercise } of rows) {
      if (exercise === undefined) {
        console.log(`○ ${row}: open`)
        continue
      }
      try {
        console.log(`✓ ${row}: ${await exercise.does(stage)}`)
      } catch (error) {
        failed++
        console.log(`✗ ${row}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  } finally {
    await stage.close()
  }
} finally {
  await brokers.stop()
}
const open = rows.filter(({ exercise }) => exercise === undefined).length
console.log(`${rows.length - open - failed} hold, ${failed} fail, ${open} are open`)
process.exit(failed > 0 ? 1 : 0)
