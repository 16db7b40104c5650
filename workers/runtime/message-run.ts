// Runs the steps of one message and remembers what is done, so that a retry goes on where the last attempt failed.
import type { StepRun } from '../core/step-run.ts'
import type { Driver, ReplyTo } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Envelope, PlacedMessage, QueueMessage } from '../core/message.ts'
import type { MapStepPlan, RouteStepPlan, SplitStepPlan, StepPlan } from '../core/plan.ts'
import type { Span } from '../core/telemetry.ts'
import type { CacheStep } from '../steps/cache.ts'
import type { Call } from '../steps/call.ts'
import { REPLY_STEP, type Reply } from '../steps/reply.ts'
import type { Request } from '../steps/request.ts'
import { evaluate, type ClaimContext } from '../steps/context.ts'
import type { Dedupe } from '../steps/dedupe.ts'
import type { Forget } from '../steps/forget.ts'
import type { Send } from '../steps/send.ts'
import type { WindowContext, WindowStep } from '../steps/window.ts'
import { Holdings } from './holdings.ts'
import { doneElsewhere, itemsOf, progressOf, type Items } from './items.ts'
import type { PipelineModule, PipelineParts } from './pipeline-parts.ts'
import type { Task } from './task.ts'

/** A step of the plan with what it needs to run. `driver` is whom to wait for when it is away. */
export interface StepParts {
  readonly plan: StepPlan
  readonly driver: Driver | undefined
  readonly call?: Call
  readonly cache?: CacheStep
  readonly send?: Send
  readonly request?: Request
  readonly dedupe?: Dedupe
  readonly forget?: Forget
  readonly window?: WindowStep
}

/** How the pipeline answers who asked. */
export interface ReplyParts {
  readonly reply: Reply
  readonly driver: Driver
}

/** What is at work: a step, or the answer after the last one. */
export interface Working {
  readonly plan: { readonly id: string }
  readonly driver: Driver | undefined
}

/** What the runs of all messages of a pipeline have in common. */
type MessageParts = Pick<PipelineParts, 'steps' | 'records' | 'origin' | 'answer'>

export class MessageRun implements StepRun, ClaimContext, WindowContext {
  readonly envelope: Envelope
  readonly span: Span
  /** Commands, events, jobs and stored values confirmed so far: what a crash would repeat. */
  effects = 0
  /** The step at work, or the last one that was, or what stands for one; and the item that it works on. */
  current: Working | undefined
  currentItem: string | undefined
  readonly item: string | undefined
  /** Undefined when the pipeline keeps no records. */
  readonly holdings: Holdings | undefined
  /** Of the message as a whole. */
  private readonly whole: MessageRun
  private readonly task: Task
  private readonly parts: MessageParts
  private readonly results: unknown[] = []
  private readonly done: boolean[] = []
  private replied = false
  /** What was done before the message came here. */
  private readonly before: readonly string[]

  /** `within`: of one item, as a part of the run of the whole message. */
  constructor(
    task: Task,
    event: Envelope,
    span: Span,
    parts: MessageParts,
    within?: {
      readonly whole: MessageRun
      readonly item: string
      readonly before: readonly string[]
    },
  ) {
    this.task = task
    this.whole = within?.whole ?? this
    this.item = within?.item
    this.envelope = event
    this.span = span
    this.parts = parts
    const records = within === undefined ? parts.records : undefined
    this.holdings =
      records && new Holdings(records, event, parts.origin.delivery(task), () => this.isLive)
    this.before = within?.before ?? task.message.parked?.done ?? []
    if (this.before.length > 0) this.recall()
  }

  /**
   * What is confirmed, so that whoever takes the message up elsewhere need not repeat it: ids of steps, how many items of a
   * split are done, and below the split's name what is done of the next one.
   */
  effectsDone(): string[] {
    return this.parts.steps.flatMap(({ plan, send }, index) => {
      const isDone = this.done[index] === true
      if (plan.kind !== 'split') return send !== undefined && isDone ? [plan.id] : []
      if (isDone) return [this.results[index] as string]
      const items = this.results[index] as Items | undefined
      if (items === undefined) return []
      const within = items.run?.effectsDone() ?? []
      return [progressOf(plan, items), ...within.map((one) => `${plan.id}/${one}`)]
    })
  }

  get attempt(): number {
    return this.task.attempt
  }

  get signal(): AbortSignal {
    return this.task.group.abort.signal
  }

  progress(percent: number): void {
    this.parts.origin.report?.(this.task, percent)
  }

  /** Only what belongs to a pipeline that keeps records claims anything. */
  claim(key: string, keepMs: number): Promise<void> {
    return this.records.claim(key, keepMs)
  }

  private get records(): Holdings {
    return this.whole.holdings as Holdings
  }

  get place(): string {
    return this.parts.origin.timePlace(this.task)
  }

  get delivery(): string {
    return this.records.delivery.place
  }

  /** A parked one has left the line in which it stood. */
  private timeAt(step: number) {
    const { group, message } = this.task
    return message.parked === undefined ? group.timeAt(step) : undefined
  }

  reachedBy(step: number, at: number): number | undefined {
    const reached = this.timeAt(step)?.reachedBy(this.task.slot, at)
    return reached === Number.NEGATIVE_INFINITY ? undefined : reached
  }

  came(step: number, at: number): void {
    this.timeAt(step)?.come(this.task.slot, at)
  }

  owes(done: () => Promise<void>): void {
    this.records.owe(done)
  }

  assertLive(): void {
    if (!this.isLive)
      throw new SluiceError('SLU5501', { message: `${this.task.group.lane.id} was given up` })
  }

  private get isLive(): boolean {
    const { group } = this.task
    return !group.abort.signal.aborted && group.lane.live()
  }

  /** All steps, those that are done already passed over. */
  async perform(module: PipelineModule): Promise<'acked' | 'duplicates'> {
    const steps = () => module.steps(this.envelope, this)
    if (this.holdings === undefined) {
      await steps()
      return 'acked'
    }
    const ended = await this.holdings.attempt(this, steps)
    if (ended === 'duplicates') await this.answerAgain(this.holdings)
    return ended
  }

  /** A repeat is not done again, and who asked again waits all the same. */
  private async answerAgain(holdings: Holdings): Promise<void> {
    const to = replyToOf(this.task.message)
    if (this.parts.answer === undefined || to === undefined || this.replied) return
    const { reply, driver } = this.parts.answer
    this.current = { plan: { id: REPLY_STEP }, driver: holdings.driver }
    const value = await holdings.answer()
    this.current = { plan: { id: REPLY_STEP }, driver }
    await reply.repeat(this, to, value)
    this.replied = true
  }

  test(step: number, when: () => unknown): boolean {
    const parts = this.at(step)
    return Boolean(parts.plan.when === undefined ? when() : evaluate(parts.plan.when, when))
  }

  async call(step: number, input: () => unknown): Promise<unknown> {
    const parts = this.at(step)
    if (this.done[step] === true) return this.results[step]
    return this.remember(step, await (parts.call as Call)(this, input))
  }

  async cache(
    step: number,
    key: () => unknown,
    input: () => unknown,
    tags?: () => unknown,
  ): Promise<unknown> {
    const parts = this.at(step)
    if (this.done[step] === true) return this.results[step]
    return this.remember(step, await (parts.cache as CacheStep)(this, key, input, tags))
  }

  async forget(step: number, tag: () => unknown): Promise<void> {
    const parts = this.at(step)
    if (this.done[step] === true) return
    await (parts.forget as Forget)(this, tag)
    this.remember(step, undefined)
  }

  /** Pure, so that another attempt computes it again. */
  map(step: number, value: () => unknown): unknown {
    const { plan } = this.at(step)
    return evaluate((plan as MapStepPlan).value, value)
  }

  command(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void> {
    return this.send(step, key, body)
  }

  async request(step: number, body: () => unknown): Promise<unknown> {
    const parts = this.at(step)
    if (this.done[step] === true) return this.results[step]
    const value = await (parts.request as Request)(this, body)
    this.whole.effects++
    return this.remember(step, value)
  }

  /** Of a message that asks for nothing there is nobody to answer. */
  async reply(body: () => unknown): Promise<void> {
    const to = replyToOf(this.task.message)
    if (this.parts.answer === undefined || to === undefined || this.replied) return
    this.current = { plan: { id: REPLY_STEP }, driver: this.parts.answer.driver }
    await this.parts.answer.reply.give(
      this,
      to,
      body,
      async (value) => await this.holdings?.rememberAnswer(value),
    )
    this.replied = true
    this.effects++
  }

  event(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void> {
    return this.send(step, key, body)
  }

  job(step: number, id: (() => unknown) | undefined, body: () => unknown): Promise<void> {
    return this.send(step, id, body)
  }

  store(
    step: number,
    key: () => unknown,
    value: () => unknown,
    version?: () => unknown,
  ): Promise<void> {
    return this.send(step, key, value, version)
  }

  async dedupe(step: number, key: () => unknown): Promise<void> {
    await (this.at(step).dedupe as Dedupe)(this, key)
  }

  async window(
    step: number,
    group: () => unknown,
    time: () => unknown,
    measures: readonly (() => unknown)[],
  ): Promise<unknown> {
    const parts = this.at(step)
    if (this.done[step] === true) return this.results[step]
    const closed = await (parts.window as WindowStep)(this, group, time, measures)
    return this.remember(step, closed)
  }

  /** Another attempt goes the way that was taken. */
  route(step: number, branches: readonly (() => unknown)[]): number {
    const plan = this.at(step).plan as RouteStepPlan
    if (this.done[step] === true) return this.results[step] as number
    const way = plan.branches.findIndex(({ when }, at) =>
      Boolean(evaluate(when, branches[at] as () => unknown)),
    )
    if (way === -1 && 'fail' in plan.otherwise)
      throw new SluiceError('SLU5115', {
        message: `no branch of ${plan.id} takes the message: ${plan.otherwise.fail}`,
        at: plan.at,
      })
    return this.remember(step, way === -1 ? plan.branches.length : way) as number
  }

  async split(
    step: number,
    over: () => unknown,
    id: ((item: unknown) => unknown) | undefined,
    each: (item: unknown, run: StepRun) => Promise<void>,
  ): Promise<void> {
    const plan = this.at(step).plan as SplitStepPlan
    if (this.done[step] === true) return
    const items = (this.results[step] ??= this.begin(plan, itemsOf(plan, over, id))) as Items
    while (items.done < items.list.length) {
      this.assertLive()
      items.run ??= this.ofItem(items.names[items.done] as string, [])
      await each(items.list[items.done], items.run)
      items.run = undefined
      items.done++
    }
    this.remember(step, progressOf(plan, items))
  }

  private recall(): void {
    for (const [index, { plan, send }] of this.parts.steps.entries())
      if (send !== undefined && this.before.includes(plan.id)) this.done[index] = true
  }

  /** Where whoever had the message before left off. */
  private begin(plan: SplitStepPlan, items: Items): Items {
    const done = doneElsewhere(plan, items, this.before)
    if (done === undefined) return items
    items.done = done
    const name = items.names[items.done]
    const within = `${plan.id}/`
    const before = this.before.flatMap((one) =>
      one.startsWith(within) ? [one.slice(within.length)] : [],
    )
    if (name !== undefined && before.length > 0) items.run = this.ofItem(name, before)
    return items
  }

  private ofItem(name: string, before: readonly string[]): MessageRun {
    const { task, envelope, span, parts, whole } = this
    const item = this.item === undefined ? name : `${this.item}/${name}`
    return new MessageRun(task, envelope, span, parts, { whole, item, before })
  }

  private async send(
    step: number,
    key: (() => unknown) | undefined,
    body: () => unknown,
    version?: () => unknown,
  ): Promise<void> {
    const parts = this.at(step)
    if (this.done[step] === true) return
    await (parts.send as Send)(this, key, body, version)
    this.whole.effects++
    this.remember(step, undefined)
  }

  private at(step: number): StepParts {
    const parts = this.parts.steps[step] as StepParts
    this.whole.current = parts
    this.whole.currentItem = this.item
    return parts
  }

  private remember(step: number, value: unknown): unknown {
    this.done[step] = true
    this.results[step] = value
    return value
  }
}

/** Undefined for a message that asks for no answer. */
export function replyToOf(message: PlacedMessage): ReplyTo | undefined {
  const { replyTo, correlationId } = message as Partial<QueueMessage>
  return replyTo === undefined ? undefined : { queue: replyTo, correlationId }
}
