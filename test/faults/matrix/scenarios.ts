// Cells of the crash-point matrix as scenarios: F2. A worker dies at one point, the next one does the rest.
import type { Ordeal } from '../ordeal.ts'
import type { Profile } from '../profile.ts'
import type { Scenario } from '../scenario.ts'
import { CELLS, pairwise, type Cell } from './cells.ts'

/** What each message is expected to happen at most, by what the sink can promise. */
const most = ({ sink, point }: Cell, kills: number): number =>
  sink === 'job' || (sink === 'store' && point === 'before-mark') ? 1 : kills + 1

const scenarioOf = (cell: Cell): Scenario => ({
  fault: 'F2',
  name: `${cell.point}, ${cell.source} → ${cell.sink}`,
  does: `a worker is killed ${cell.point}`,
  then: 'the next one does what is left',
  line: {
    from: cell.source,
    to: [cell.sink],
    concurrency: 16,
    ...(cell.point === 'before-mark' ? { once: true } : {}),
  },
  harms: 'workers',
  cell,
  async run(ordeal) {
    const kills = ordeal.profile.times(1, 2)
    await ordeal.feed({ messages: ordeal.profile.cellMessages, ms: 20, permanent: 10 })
    for (let kill = 0; kill < kills; kill++) {
      ordeal.allowEnd()
      const signal = await die(ordeal, cell, 5 + 10 * kill)
      ordeal.check(signal === 'SIGKILL', `it did not die ${cell.point}: ${signal}`)
    }
    ordeal.limit(cell.sink, most(cell, kills))
  },
})

/** Nth: late enough that others are at work, early enough that there is work left. */
async function die(ordeal: Ordeal, { point }: Cell, nth: number): Promise<string> {
  const once = point === 'in-rebalance' || point === 'in-drain'
  const worker = ordeal.worker({ failpoint: [point, once ? 1 : nth] })
  if (point === 'in-rebalance') {
    await worker.runs()
    await ordeal.flows()
    await ordeal.worker().runs()
  }
  if (point === 'in-drain') {
    await worker.runs()
    await ordeal.flows()
    worker.signal('SIGTERM')
  }
  const { signal, code } = await worker.finished
  return signal ?? String(code)
}

export const matrix = ({ everyCell }: Profile): readonly Scenario[] =>
  (everyCell ? CELLS : pairwise()).map(scenarioOf)
