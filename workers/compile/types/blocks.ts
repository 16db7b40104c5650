// Writes steps that hold others: a branch is an `if` and the next one its `else`, so that TypeScript knows in each what is left.
import type { ExpressionPlan, RouteStepPlan, SplitStepPlan, StepPlan } from '../../core/plan.ts'
import { allSteps, blocksOf, type Block } from '../../core/plan-walk.ts'
import type { PlannedPipeline } from '../pipeline-plan.ts'
import { isRepeated } from '../route-rules.ts'
import type { Path } from '../yaml-file.ts'
import { DATA, SELF, withConstants } from './callbacks.ts'
import { discriminantOf } from './discriminant.ts'
import type { Sheet, Slot } from './sheet.ts'
import { hasValue } from './step-facts.ts'

/** Whoever writes the module. */
export interface Writer {
  readonly sheet: Sheet
  readonly pipeline: PlannedPipeline
  /** False when there is none that is right by itself. */
  expression(
    plan: ExpressionPlan,
    slot: Slot,
    before: string,
    after: string,
    step?: StepPlan,
  ): boolean
  /** False for what is no value, and for a name that is taken. */
  declares(name: string): boolean
  step(step: StepPlan): void
}

export const WHEN: Slot = { kind: 'when' }
export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

export class Blocks {
  private readonly writer: Writer

  constructor(writer: Writer) {
    this.writer = writer
  }

  /** All that is known where `goal` begins; gives the number of blocks that it leaves open. */
  towards({ steps }: Pick<Block, 'steps'>, goal: StepPlan): number {
    for (const step of steps) {
      if (step === goal) return 0
      const block = blocksOf(step).find((one) => allSteps(one).includes(goal))
      if (block !== undefined) return this.enter(step, block) + this.towards(block, goal)
      if (hasValue(step)) this.writer.step(step)
    }
    return 0
  }

  private enter(step: StepPlan, { at }: Block): number {
    let blocks = step.when === undefined ? 0 : this.openIf(step.when, step)
    if (step.kind === 'split') return blocks + this.openItem(step)
    if (step.kind !== 'route') return blocks
    for (const { when } of step.branches.slice(0, at)) {
      blocks += this.openIf(when, step)
      this.openElse()
    }
    const branch = step.branches[at]
    return branch === undefined ? blocks : blocks + this.openIf(branch.when, step)
  }

  /** A callback may name the event: what conditions said of its data holds for it as well. */
  self(): void {
    this.writer.sheet.line(`const ${SELF}: $Event<typeof ${DATA}> = { ...event, data: ${DATA} };`)
  }

  /** A block in which the condition holds. */
  private openIf(when: ExpressionPlan, step: StepPlan, vague = false): 1 {
    if (!vague && this.writer.expression(when, WHEN, '$boolean(', ');', step))
      this.writer.expression(when, WHEN, 'if (', ') {', step)
    else this.writer.sheet.line('if ($any) {')
    this.self()
    return 1
  }

  /** The block in which it does not. */
  private openElse(): void {
    this.writer.sheet.line('} else {')
    this.self()
  }

  route(step: RouteStepPlan): void {
    const { sheet } = this.writer
    const { branches, otherwise } = step
    let blocks = step.when === undefined ? 0 : this.openIf(step.when, step)
    for (const { when, steps } of branches) {
      // Of a condition that stands there a second time the rules have spoken.
      blocks += this.openIf(when, step, isRepeated(when, branches))
      for (const inner of steps) this.writer.step(inner)
      this.openElse()
    }
    if ('steps' in otherwise) for (const inner of otherwise.steps) this.writer.step(inner)
    else this.rest(step)
    sheet.line('}'.repeat(blocks))
  }

  split(step: SplitStepPlan): void {
    const blocks =
      (step.when === undefined ? 0 : this.openIf(step.when, step)) + this.openItem(step)
    if (step.itemId !== undefined)
      this.writer.expression(step.itemId, { kind: 'itemId' }, '$itemId(', ');', step)
    for (const inner of step.steps) this.writer.step(inner)
    this.writer.sheet.line('}'.repeat(blocks))
  }

  /** A block in which the item is known. */
  private openItem(step: SplitStepPlan): 1 {
    const { sheet } = this.writer
    const item =
      IDENTIFIER.test(step.as) && this.writer.declares(step.as) ? `const ${step.as} = ` : ''
    sheet.line('{')
    if (!this.writer.expression(step.over, { kind: 'over' }, `${item}$each(`, ');', step))
      sheet.line(`${item}$any;`)
    return 1
  }

  /** Where branches tell the values of one field apart, TypeScript knows which are left. */
  private rest(step: RouteStepPlan): void {
    const text = discriminantOf(step.branches.map(({ when }) => when))
    if (
      text !== undefined &&
      step.branches.every(({ when }) => this.writer.pipeline.written.has(when))
    )
      this.writer.sheet.named(`$rest(${withConstants(text, true)});`, {
        slot: { kind: 'rest', route: step.id, text },
        path: [...(this.writer.pipeline.places[step.index] as Path), 'route', 'otherwise', 'fail'],
        text: undefined,
        step: step.index,
      })
    this.writer.sheet.line('throw $any;')
  }
}
