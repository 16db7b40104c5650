// Rules about what outlives a process: who needs the state store, and for how long.
import { longestTriesMs } from '../core/attempt-time.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import { allSteps, holdersOf } from '../core/plan-walk.ts'
import type { Path } from './yaml-file.ts'

/** What needs the store, where it is written, in the words of the author. */
function needs({
  plan,
  places,
}: PlannedPipeline): { readonly what: string; readonly path: Path }[] {
  const steps = allSteps(plan)
    .filter(({ kind }) => kind === 'dedupe' || kind === 'window')
    .map(({ index, kind }) => ({
      what: kind === 'window' ? 'a window' : kind,
      path: [...(places[index] as Path), kind],
    }))
  return plan.once === undefined ? steps : [{ what: '"once"', path: ['once'] }, ...steps]
}

/** An item is no message: nobody could say what its suppression means for the others. */
export function dedupeIsOfMessages(
  { file, plan, places }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  for (const step of allSteps(plan))
    if (step.kind === 'dedupe' && holdersOf(plan, step.index).some(({ kind }) => kind === 'split'))
      out.error(
        'SLU0532',
        file.key([...(places[step.index] as Path), 'dedupe']),
        'dedupe stands within a split, and suppresses messages, not items',
        'put it before the split, or filter the items in `over`',
      )
}

export function stateIsThere(planned: PlannedPipeline, fleet: Fleet, out: Diagnostics): void {
  if (fleet.declared === undefined || fleet.declared.hasState) return
  const redis = Object.values(fleet.connections).find(({ kind }) => kind === 'redis')
  for (const { what, path } of needs(planned))
    out.error(
      'SLU0530',
      planned.file.key(path),
      `${what} needs the state store, and the fleet has none`,
      redis === undefined
        ? 'add a redis connection and state: { in: <its name> } to pipelines/fleet.yaml'
        : `add state: { in: ${redis.name} } to pipelines/fleet.yaml`,
    )
}

/** A record that is forgotten while its message is still tried protects from nothing. */
export function onceOutlastsRetries(
  { file, plan }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  const longest = longestTriesMs(plan)
  if (plan.once === undefined || !(plan.once.windowMs < longest)) return
  out.error(
    'SLU0531',
    file.at(['once', 'window']),
    `"window" (${seconds(plan.once.windowMs)}) is shorter than a message may be tried (${seconds(longest)})`,
    'make it longer than all attempts with their timeouts and waits take together',
  )
}

const seconds = (ms: number) => `${Math.ceil(ms / 100) / 10} s`
