// Walks the steps of a pipeline. Whoever looks at every step does it by this, so that none is passed over.
import type { CallPlan, PipelinePlan, StepPlan } from './plan.ts'

type Steps = Pick<PipelinePlan, 'steps'>

/** Steps that run one after another within another step: of a route those of one branch, of a split those for each item. */
export interface Block extends Steps {
  /** How many blocks of the step stand before it. */
  readonly at: number
}

export function blocksOf(step: StepPlan): readonly Block[] {
  if (step.kind === 'split') return [{ steps: step.steps, at: 0 }]
  if (step.kind !== 'route') return []
  const { branches, otherwise } = step
  const rest = 'steps' in otherwise ? [otherwise] : []
  return [...branches, ...rest].map(({ steps }, at) => ({ steps, at }))
}

/** In the order of the text, depth first: the place of a step in this list is its `index`. */
export const allSteps = ({ steps }: Steps): readonly StepPlan[] =>
  steps.flatMap((step) => [step, ...blocksOf(step).flatMap(allSteps)])

/** The steps that a step stands in, outermost first. */
export function holdersOf({ steps }: Steps, index: number): readonly StepPlan[] {
  for (const step of steps) {
    const block = blocksOf(step).find((one) => allSteps(one).some((inner) => inner.index === index))
    if (block !== undefined) return [step, ...holdersOf(block, index)]
  }
  return []
}

/** The handler that a step calls: by itself, or to load what its cache lacks. */
export function callOf(step: StepPlan): CallPlan | undefined {
  if (step.kind === 'call') return step.call
  return step.kind === 'cache' ? step.load : undefined
}

/** Names of the handlers that a pipeline calls, one for each call. */
export const handlersOf = (pipeline: Steps): string[] =>
  allSteps(pipeline).flatMap((step) => callOf(step)?.handler ?? [])

/** Whether a pipeline cannot do without the state store. */
export const usesState = (pipeline: Pick<PipelinePlan, 'once' | 'steps'>): boolean =>
  pipeline.once !== undefined ||
  allSteps(pipeline).some(({ kind }) => kind === 'dedupe' || kind === 'window')

/** Steps that send what they make to a destination, and wait for nothing but its confirmation. */
export type SendStepPlan = Exclude<
  Extract<StepPlan, { readonly body: unknown }>,
  { readonly kind: 'request' }
>
export const sends = (step: StepPlan): step is SendStepPlan =>
  'body' in step && step.kind !== 'request'
