// The plan of a shadow: the same pipelines, in groups of their own, that create nothing and wait nowhere but in place.
import { SluiceError } from '../core/errors.ts'
import type { FleetPlan, PipelinePlan, TopicFromPlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import { sourceName } from '../core/source-plan.ts'

export interface ShadowTerms {
  /** Undefined: that of the pipeline with `.shadow` behind it. */
  readonly group: string | undefined
  /** Undefined: as the pipeline says. Where the group has offsets already it goes on there. */
  readonly start: 'earliest' | 'latest' | undefined
  /** Questions are asked for real. */
  readonly ask: boolean
  /** What stores hold is written for real. */
  readonly stores: boolean
}

/** Throws SLU0583, SLU1010, SLU1011, SLU1012 or SLU1013 with everything that stands in the way. */
export function shadowPlan(
  plan: FleetPlan,
  names: readonly string[],
  terms: ShadowTerms,
): FleetPlan {
  const chosen = names.map((name) => plan.pipelines[name] as PipelinePlan)
  refuse('SLU1011', chosen, ({ from }) =>
    from.kind === 'topic' ? undefined : `it reads ${from.kind} ${sourceName(from)}`,
  )
  if (!terms.ask)
    refuse('SLU1012', chosen, (pipeline) => {
      const asked = allSteps(pipeline).flatMap((step) =>
        step.kind === 'request' ? [step.queue] : [],
      )
      return asked.length === 0 ? undefined : `it asks ${asked.join(', ')}`
    })
  if (terms.stores) refuse('SLU0583', chosen, notRebuilt)
  if (terms.group !== undefined && chosen.length > 1)
    throw new SluiceError('SLU1010', {
      message: `--group names the group of one pipeline, and there are ${chosen.length}: ${names.join(', ')}`,
    })
  const shadows = chosen.map((pipeline) => shadowOf(pipeline, terms))
  const live = new Map(
    Object.values(plan.pipelines).flatMap(({ name, from }) =>
      from.kind === 'topic' ? [[from.group, name]] : [],
    ),
  )
  refuse('SLU1013', shadows, ({ from }) => {
    const { group } = from as TopicFromPlan
    const owner = live.get(group)
    return owner === undefined ? undefined : `group ${group} is that of pipeline ${owner}`
  })
  return {
    ...plan,
    provision: false,
    pipelines: {
      ...plan.pipelines,
      ...Object.fromEntries(shadows.map((shadow) => [shadow.name, shadow])),
    },
  }
}

/** Events that are read again are older than what stands there. */
function notRebuilt(pipeline: PipelinePlan): string | undefined {
  const stored = allSteps(pipeline).filter((step) => step.kind === 'store')
  const bare = stored.filter(({ version }) => version === undefined).map(({ id }) => id)
  if (stored.length === 0) return 'it stores nothing'
  return bare.length === 0 ? undefined : `${bare.join(', ')} stores without a version`
}

function shadowOf(pipeline: PipelinePlan, { group, start, stores }: ShadowTerms): PipelinePlan {
  const from = pipeline.from as TopicFromPlan
  const { failure } = pipeline
  const { transient } = failure
  return {
    ...pipeline,
    // What was written once is to be written again.
    once: stores ? undefined : pipeline.once,
    from: { ...from, group: group ?? `${from.group}.shadow`, start: start ?? from.start },
    // Nobody would bring back what is parked.
    failure: {
      ...failure,
      transient: { ...transient, retry: { ...transient.retry, park: undefined } },
    },
  }
}

function refuse(
  code: 'SLU0583' | 'SLU1011' | 'SLU1012' | 'SLU1013',
  pipelines: readonly PipelinePlan[],
  why: (pipeline: PipelinePlan) => string | undefined,
): void {
  const refused = pipelines.flatMap((pipeline) => {
    const reason = why(pipeline)
    const { name, at } = pipeline
    return reason === undefined ? [] : [`${name} (${at.file}:${at.line}): ${reason}`]
  })
  if (refused.length > 0)
    throw new SluiceError(code, { message: `no shadow of ${refused.join('; no shadow of ')}` })
}
