// The oracle: judges a history by the invariants of the runtime. The same for simulation, for faults on real brokers and for end-to-end tests.
import { bounded } from './bounded.ts'
import { conservation } from './conservation.ts'
import { duplicates } from './duplicates.ts'
import { failure } from './failure.ts'
import { fenced } from './fenced.ts'
import type { History, Promised } from './history.ts'
import { hostile } from './hostile.ts'
import { order } from './order.ts'
import { progress } from './progress.ts'
import { settled } from './settled.ts'
import { shutdown } from './shutdown.ts'
import { trace } from './trace.ts'
import type { Invariant, Verdict } from './verdict.ts'

/** Pure: the same history gives the same verdicts. */
export const judge = (
  history: History,
  promised: Promised,
): Readonly<Record<Invariant, Verdict>> => ({
  settled: settled(history, promised),
  conservation: conservation(history),
  order: order(history, promised),
  bounded: bounded(history, promised),
  failure: failure(history),
  fenced: fenced(history, promised),
  shutdown: shutdown(history, promised),
  progress: progress(history),
  duplicates: duplicates(history, promised),
  trace: trace(history),
  hostile: hostile(history),
})
