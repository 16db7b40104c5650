// Messages that would go round for ever: what a pipeline sends comes back to it, by itself or by way of others, with no condition on the way.
import type { StepPlan } from '../core/plan.ts'
import { sourceName } from '../core/source-plan.ts'
import type { Diagnostics, Place } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import type { Path } from './yaml-file.ts'

/** Each message there leads to one here. A topic and a queue of one name are two places. */
interface Send {
  readonly from: string
  readonly to: string
  readonly place: Place
}

/** One loop is told once, at the first of its steps. */
export function loopsEnd(
  pipelines: readonly PlannedPipeline[],
  fleet: Fleet,
  out: Diagnostics,
): void {
  const sends = pipelines.flatMap((planned) => sendsOf(planned, fleet))
  const told = new Set<string>()
  for (const send of sends) {
    const way = told.has(send.from) ? undefined : wayBack(send, sends)
    if (way === undefined) continue
    for (const { from } of way) told.add(from)
    const over = way.slice(0, -1).map(({ to }) => nameOf(to))
    out.error(
      'SLU0521',
      send.place,
      over.length === 0
        ? `each message of ${nameOf(send.from)} sends another one to ${nameOf(send.from)}, for ever`
        : `each message of ${nameOf(send.from)} leads to another one of ${nameOf(send.from)} by way of ${over.join(' and ')}, for ever`,
      'send somewhere else, or give the step or a pipeline on the way a `when` that is false for messages that come back',
    )
  }
}

/** What stands within a branch has a condition. */
function sendsOf({ file, plan, places }: PlannedPipeline, fleet: Fleet): Send[] {
  if (plan.when !== undefined) return []
  const from = keyOf(plan.from.kind, sourceName(plan.from))
  return plan.steps
    .filter(({ when }) => when === undefined)
    .flatMap((step) =>
      destinationsOf(step, fleet).map((to) => ({
        from,
        to,
        place: file.at([...(places[step.index] as Path), step.kind, 'to']),
      })),
    )
}

/** Where a message certainly arrives: what an exchange does with a key is for the key to say. */
function destinationsOf(step: StepPlan, { exchanges, queues }: Fleet): string[] {
  if (step.kind === 'event') return [keyOf('topic', step.topic)]
  // With an id of its own it may be the job that is there already.
  if (step.kind === 'job' && step.identity === undefined) return [keyOf('jobs', step.jobs)]
  if (step.kind !== 'command') return []
  if ('queue' in step.to) return [keyOf('queue', step.to.queue)]
  const { exchange } = step.to
  if (exchanges[exchange]?.type !== 'fanout') return []
  return Object.values(queues)
    .filter(({ bindings }) => bindings.some((binding) => binding.exchange === exchange))
    .map(({ name }) => keyOf('queue', name))
}

/** The shortest way from where `first` leads back to where it begins, `first` included. */
function wayBack(first: Send, sends: readonly Send[]): readonly Send[] | undefined {
  const seen = new Set<string>()
  for (let ways: (readonly Send[])[] = [[first]]; ways.length > 0;) {
    const back = ways.find((way) => way.at(-1)?.to === first.from)
    if (back !== undefined) return back
    ways = ways.flatMap((way) => {
      const here = (way.at(-1) as Send).to
      if (seen.has(here)) return []
      seen.add(here)
      return sends.filter(({ from }) => from === here).map((next) => [...way, next])
    })
  }
  return undefined
}

const keyOf = (kind: 'topic' | 'queue' | 'jobs' | 'schedule', name: string) => `${kind} ${name}`
const nameOf = (key: string) => `"${key.slice(key.indexOf(' ') + 1)}"`
