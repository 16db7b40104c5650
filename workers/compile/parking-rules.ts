// Rules about waits outside of a pipeline, and the topics that such waits need.
import { tierTopicPlan } from '../core/parking.ts'
import type { TopicPlan } from '../core/plan.ts'
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
  else if (plan.from.kind !== 'topic')
    out.error(
      'SLU0550',
      file.at(PARK),
      'only messages of a topic are parked, and this pipeline reads something else',
      'let them wait in place: first, max and attempts without park',
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

/** The topics that the pipeline's tiers are, by their names. */
export function tierTopics(
  { file, plan }: PlannedPipeline,
  { topics }: Pick<Fleet, 'topics'>,
): [string, TopicPlan][] {
  const { from } = plan
  const named = from.kind === 'topic' && Object.hasOwn(topics, from.topic)
  const source = named ? topics[from.topic] : undefined
  const tiers = plan.failure.transient.retry.park?.tiers ?? []
  if (source === undefined) return []
  return tiers.map((tier) => {
    const topic = tierTopicPlan(source, plan.name, tier, position(file, PARK))
    return [topic.name, topic]
  })
}

/** Kafka takes dots and underscores of a name for the same. */
export function parkingHasItsTopics(
  planned: PlannedPipeline,
  fleet: Fleet,
  out: Diagnostics,
): void {
  const taken = new Map(Object.keys(fleet.topics).map((name) => [name.replaceAll('.', '_'), name]))
  for (const [name] of tierTopics(planned, fleet)) {
    const other = taken.get(name.replaceAll('.', '_'))
    if (other !== undefined)
      out.error(
        'SLU0554',
        planned.file.at(PARK),
        `parked messages wait on a topic "${name}", and topic "${other}" of the fleet has that name`,
        'give that topic, or the pipeline, another name',
      )
  }
}
