// Rules about waits outside of a pipeline, and the topics or queues that such waits need.
import { parkingQueuePlans, tiersOf, tierTopicPlan } from '../core/parking.ts'
import type { QueuePlan, TopicPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import { position } from './raw.ts'

const PARK = ['failure', 'transient', 'retry', 'park']

/** Whoever leaves the line lets those behind it pass. */
export function parkingKeepsOrder(
  { file, plan }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  if (plan.failure.transient.retry.park === undefined) return
  if (plan.order !== 'none')
    out.error(
      'SLU0550',
      file.at(PARK),
      `a parked message is overtaken by those behind it, and "order: ${plan.order}" promises that none is`,
      'write order: none, or let messages wait in place: first, max and attempts without park',
    )
  else if (plan.from.kind === 'schedule')
    out.error(
      'SLU0550',
      file.at(PARK),
      'a firing that waits is overtaken by the next one, and messages of a schedule are not parked',
      'let them wait in place: first, max and attempts without park',
    )
}

/** Whoever asks has given up by the time a parked question is answered, and asks again meanwhile. */
export function parkingLeavesNobodyWaiting(
  { file, plan }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  if (plan.failure.transient.retry.park === undefined || plan.reply === undefined) return
  out.error(
    'SLU0557',
    file.at(PARK),
    `pipeline "${plan.name}" answers, and who asks waits for a few seconds, not for a parked message`,
    'let questions wait in place: first, max and attempts without park; who asks may try again',
  )
}

export function parkingHappens({ file, plan }: PlannedPipeline, _: Fleet, out: Diagnostics): void {
  const { attempts, park } = plan.failure.transient.retry
  if (park === undefined) return
  if (park.after >= attempts)
    out.error(
      'SLU0552',
      file.at([...PARK, 'after']),
      `nothing is ever parked: after ${park.after} attempts there is none left of ${attempts}`,
      'let "after" be less than "attempts"',
    )
  const shrinks = park.tiers.findIndex(
    ({ delayMs }, at) => delayMs < (park.tiers[at - 1]?.delayMs ?? 0),
  )
  if (shrinks !== -1)
    out.error(
      'SLU0553',
      file.at([...PARK, 'tiers', shrinks]),
      `a wait of ${park.tiers[shrinks]?.name} comes after one of ${park.tiers[shrinks - 1]?.name}`,
      'let the waits grow',
    )
}

type Named<Plan> = readonly (readonly [name: string, plan: Plan])[]

/** The topics or queues that the pipeline's parked messages need, by their names. */
export function parkingPlaces(
  { file, plan }: PlannedPipeline,
  { topics, queues }: Pick<Fleet, 'topics' | 'queues'>,
): { readonly topics: Named<TopicPlan>; readonly queues: Named<QueuePlan> } {
  const { from, name } = plan
  const tiers = tiersOf(plan)
  const at = position(file, PARK)
  const byName = <Plan extends { readonly name: string }>(plans: readonly Plan[]) =>
    plans.map((one) => [one.name, one] as const)
  if (tiers.length > 0 && from.kind === 'topic' && Object.hasOwn(topics, from.topic)) {
    const source = topics[from.topic] as TopicPlan
    return {
      topics: byName(tiers.map((tier) => tierTopicPlan(source, name, tier, at))),
      queues: [],
    }
  }
  if (tiers.length > 0 && from.kind === 'queue' && Object.hasOwn(queues, from.queue)) {
    const source = queues[from.queue] as QueuePlan
    return { topics: [], queues: byName(parkingQueuePlans(source, name, tiers, at)) }
  }
  return { topics: [], queues: [] }
}

export function parkingHasItsPlaces(
  planned: PlannedPipeline,
  fleet: Fleet,
  out: Diagnostics,
): void {
  const places = parkingPlaces(planned, fleet)
  const taken = (kind: 'topic' | 'queue', name: string, other: string | undefined) => {
    if (other === undefined) return
    out.error(
      'SLU0554',
      planned.file.at(PARK),
      `parked messages wait on a ${kind} "${name}", and ${kind} "${other}" of the fleet has that name`,
      `give that ${kind}, or the pipeline, another name`,
    )
  }
  // Kafka takes dots and underscores of a name for the same.
  const topics = new Map(Object.keys(fleet.topics).map((name) => [name.replaceAll('.', '_'), name]))
  for (const [name] of places.topics) taken('topic', name, topics.get(name.replaceAll('.', '_')))
  for (const [name] of places.queues)
    taken('queue', name, Object.hasOwn(fleet.queues, name) ? name : undefined)
}
