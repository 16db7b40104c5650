// Shrinks a schedule that breaks an invariant: leaves out faults and messages for as long as what is left still breaks it.
import type { Invariant, Violation } from '../oracle/verdict.ts'
import { ddmin } from './ddmin.ts'
import { FAULTS, kindOf, type FaultKind } from './fault-plan.ts'
import { judged, type Judged, type JudgedParts } from './judged.ts'
import type { Keep } from './keep.ts'
import { FRESH } from './schedule.ts'

export interface Shortest {
  readonly keep: Keep
  /** What it takes, kinds that have no names of their own included. */
  readonly faults: readonly FaultKind[]
  readonly judged: Judged
  readonly violations: readonly Violation[]
}

/** Schedules played at most: what is not the shortest by then is short enough. */
const RUNS = 400

/** Undefined: it does not break when it is played again, as of a handler that answers otherwise each time. */
export async function shrink(
  parts: JudgedParts,
  invariant: Invariant,
): Promise<Shortest | undefined> {
  let shortest: Shortest | undefined
  let runs = 0
  const breaks = async (faults: readonly FaultKind[], keep: Keep | undefined) => {
    if (runs++ >= RUNS) return false
    const result = await judged({ ...parts, faults: new Set(faults), keep })
    const { violations } = result.verdicts[invariant]
    if (violations.length === 0) return false
    const happened = new Set(result.played.happened)
    shortest = {
      keep: keep ?? everything(parts, happened),
      faults: faults.filter((kind) => isUsed(kind, happened)),
      judged: result,
      violations,
    }
    return true
  }
  if (!(await breaks([...parts.faults], parts.keep))) return undefined
  const least = () => shortest as Shortest
  // Kinds whose faults have no names go by kind.
  await ddmin(least().faults, (faults) => breaks(faults, least().keep))
  const fewerFaults = () =>
    ddmin([...least().keep.faults], (some) =>
      breaks(least().faults, { ...least().keep, faults: new Set(some) }),
    )
  const fewerMessages = () =>
    ddmin([...least().keep.messages], (some) =>
      breaks(least().faults, { ...least().keep, messages: new Set(some) }),
    )
  await fewerFaults()
  await fewerMessages()
  await fewerFaults()
  return least()
}

const isUsed = (kind: FaultKind, happened: ReadonlySet<string>) =>
  [...happened].some((id) => kindOf(id) === kind)

/** All messages, and of the faults those that have names. */
function everything({ messages }: JudgedParts, happened: ReadonlySet<string>): Keep {
  return {
    messages: new Set(Array.from({ length: messages + FRESH }, (_, place) => place)),
    faults: new Set([...happened].filter((id) => !FAULTS.some((kind) => kind === id))),
  }
}
