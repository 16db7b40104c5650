// One pipeline at work: takes messages from its source, runs them in order and in parallel, and settles each exactly when it is safe.
import type { Intake, Lane, LaneGrant } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { TierPlan } from '../core/plan-policies.ts'
import { untilBack } from './away.ts'
import { chainOf } from './chain.ts'
import { DeadLetters } from './dead-letters.ts'
import { failureOf, isNoAttempt, type Failure } from './failure.ts'
import { Guard } from './guard.ts'
import { Isolation } from './isolation.ts'
import { LaneBook } from './lane-book.ts'
import { Membership } from './membership.ts'
import { startSpan } from './message-span.ts'
import { MessageRun } from './message-run.ts'
import { Outages } from './outages.ts'
import { Parking } from './parking.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import { nextAttempt } from './next-attempt.ts'
import { refuse } from './refuse.ts'
import { Schedule, type Permit } from './schedule.ts'
import type { Settlement } from './settlement.ts'
import { Task, type LaneState } from './task.ts'
import { isWanted } from './wanted.ts'
import { Window } from './window.ts'

type Outcome = 'acked' | 'filtered' | 'deadLettered' | 'duplicates' | 'parked'

export class Pipeline implements Intake {
  private readonly parts: PipelineParts
  private readonly schedule: Schedule<Task>
  private readonly window: Window
  private readonly outages: Outages
  private readonly settlement: Settlement
  private readonly letters: DeadLetters
  private readonly parking: Parking | undefined
  private readonly lanes: LaneBook
  /** Lets one message be the only one at work. */
  readonly isolation: Isolation
  readonly guard: Guard | undefined
  readonly membership: Membership
  /** Effects of messages that wait for another attempt: a crash would repeat them. */
  private effectsWaiting = 0

  constructor(parts: PipelineParts) {
    const { plan, world } = parts
    this.parts = parts
    const goOn = () => {
      this.window.reopen()
      this.schedule.pump()
      this.lanes.changed()
    }
    this.membership = new Membership(world.clock)
    this.outages = new Outages(parts, goOn)
    this.window = new Window(plan, () => this.outages.away, world.clock)
    this.schedule = new Schedule<Task>(
      plan.concurrency,
      () => this.permit(),
      (task) => void this.work(task),
    )
    this.settlement = parts.origin.settlement(goOn)
    this.lanes = new LaneBook(this.settlement)
    this.letters = new DeadLetters(parts, this.outages)
    this.parking = parts.parking && new Parking(parts, parts.parking, this.outages)
    parts.breakers.onReady(goOn)
    this.guard = plan.failure.guard === undefined ? undefined : new Guard(plan.failure.guard)
    this.isolation = new Isolation({
      lanes: this.lanes,
      schedule: this.schedule,
      take: (state, message) => this.takeIn(state, message),
      isPaused: () => this.guard?.tripped === true,
      mayStart: () => this.permit() !== 'none',
    })
  }

  // ---------------------------------------------------------------- intake

  granted(grants: readonly LaneGrant[]): void {
    this.membership.joins()
    for (const grant of grants) this.lanes.open(grant)
  }

  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    const state = this.lanes.get(lane)
    if (state === undefined || state.closed) return 0
    let taken = 0
    for (let i = from; i < messages.length && this.wants(state); i++) {
      this.takeIn(state, messages[i] as PlacedMessage)
      taken++
    }
    this.schedule.pump()
    return taken
  }

  async room(lane: Lane): Promise<void> {
    const state = this.lanes.get(lane)
    if (state === undefined) return
    do await this.window.room()
    while (!state.closed && !this.window.hasRoom())
    await state.whenFew(this.ahead / 2)
    if (state.closed) await state.gone
  }

  async revoke(lanes: readonly Lane[]): Promise<void> {
    this.membership.loses()
    const states = this.lanes.of(lanes)
    for (const state of states) this.close(state)
    const deadline = new AbortController()
    const timer = this.parts.world.clock.after(this.parts.drainWithinMs, () => deadline.abort(), {
      keepAlive: true,
    })
    try {
      await this.lanes.quiet(states, deadline.signal)
      for (const state of states) this.cutOff(state)
      await this.settlement.flush(states, deadline.signal)
    } finally {
      timer.cancel()
      for (const state of states) this.giveUpLane(state)
    }
  }

  lost(lanes: readonly Lane[]): void {
    this.membership.loses()
    for (const state of this.lanes.of(lanes)) {
      this.close(state)
      this.giveUpLane(state)
    }
  }

  /** Nothing is taken and unsettled, and no cache entry is being loaded anew. */
  get idle(): boolean {
    return this.parts.counts.inFlight === 0 && this.parts.refreshes.idle
  }

  stop(): void {
    this.parts.refreshes.stop()
    this.settlement.stop()
  }

  // ---------------------------------------------------------------- taking and closing

  private get ahead(): number {
    return this.lanes.ahead(this.parts.plan.concurrency)
  }

  /** A lane that has enough to go on with is taken no further, however much the window could hold: what waits elsewhere costs nothing. */
  private wants(state: LaneState): boolean {
    return state.startable < this.ahead && this.window.hasRoom()
  }

  /** Undefined for what an earlier tenure has finished. */
  private takeIn(state: LaneState, message: PlacedMessage): Task | undefined {
    const slot = state.tracker.take(message.offset)
    if (state.tracker.wasFinished(message.offset)) {
      state.tracker.finish(slot)
      this.settlement.finished(state, message)
      return undefined
    }
    const { counts, plan } = this.parts
    const task = new Task(state, message, slot, chainOf(plan.order, message))
    counts.accepted++
    counts.inFlight++
    this.window.take(task.bytes)
    state.bytes += task.bytes
    this.schedule.add(task)
    return task
  }

  /** What has not started is handed back; what is at work may go on. */
  private close(state: LaneState): void {
    const left = this.schedule.close(state)
    state.closing.abort()
    state.changed(this.ahead / 2)
    this.window.wake()
    const bytes = state.bytes - state.bytesAtWork
    state.bytes = state.bytesAtWork
    this.release(left, bytes)
  }

  /** After the deadline: what is still at work starts no further effect and is handed back. */
  private cutOff(state: LaneState): void {
    if (state.atWork === 0) return
    const { log, plan } = this.parts
    log.warn(
      { code: 'SLU5503', pipeline: plan.name, lane: state.lane.id, messages: state.atWork },
      'The drain deadline passed with messages at work; they will be delivered again.',
    )
    state.abort.abort(new SluiceError('SLU5503'))
    this.release(state.atWork, state.bytesAtWork)
    state.cutOff = true
  }

  /** Somebody else has it: handlers that still run for it are told. */
  private giveUpLane(state: LaneState): void {
    state.giveUp()
    this.lanes.forget(state)
    this.lanes.changed()
  }

  private release(messages: number, bytes: number): void {
    this.parts.counts.released += messages
    this.parts.counts.inFlight -= messages
    this.window.release(messages, bytes)
  }

  // ---------------------------------------------------------------- one message

  /**
   * A crash repeats at most 2 × concurrency messages. Short of that only the head of a lane may start: what is finished
   * beyond it may be more than the note of a commit can hold, and is covered only by the head moving on.
   */
  private permit(): Permit {
    if (this.outages.holding || !this.parts.breakers.ready) return 'none'
    if (this.guard?.tripped === true) return 'none'
    const { concurrency } = this.parts.plan
    const repeats = this.settlement.exposed + this.schedule.atWork + this.effectsWaiting
    if (repeats < 2 * concurrency - Math.min(this.lanes.size, concurrency))
      return this.isolation.narrowed('any')
    this.settlement.hurry()
    return repeats < 2 * concurrency ? this.isolation.narrowed('head') : 'none'
  }

  /** Never rejects. */
  private async work(task: Task): Promise<void> {
    task.group.changed(this.ahead / 2)
    task.group.bytesAtWork += task.bytes
    try {
      const outcome = await this.attempt(task)
      this.settle(task, outcome)
    } catch (thrown) {
      this.failed(task, failureOf(thrown, task.run?.current?.plan.id))
    }
  }

  private async attempt(task: Task): Promise<Outcome> {
    const { parts } = this
    if (task.run === undefined) {
      task.startedAt = parts.world.clock.monotonic()
      const room = parts.tracer.room()
      if (room !== undefined) await room
      task.span ??= startSpan(parts, task)
      const learning = parts.origin.meaning?.learn(task.message)
      if (learning !== undefined) await learning
      const event = parts.origin.decode(task.message, task.group.lane)
      if (event === 'skip') return 'filtered'
      task.event = event
      if (task.condemned !== undefined) throw task.condemned
      task.run = new MessageRun(task, event, task.span, parts)
      if (!isWanted(parts, event)) return 'filtered'
    }
    return task.run.perform(parts.module)
  }

  private failed(task: Task, failure: Failure): void {
    const { error } = failure
    if (task.group.closed && (error.outage || isNoAttempt(error))) this.handBack(task)
    else if (isNoAttempt(error)) this.waitThen(task, task.turn(this.parts.world.clock))
    else if (error.outage) this.waitThen(task, untilBack(this.parts, this.outages, task, failure))
    else if (error.failure === 'transient' && this.retry(task, failure)) return
    else void this.giveUp(task, failure)
  }

  /** False when the attempts are used up. */
  private retry(task: Task, failure: Failure): boolean {
    const { retry } = this.parts.plan.failure.transient
    if (task.attempt >= retry.attempts) return false
    const tier = this.parking?.tierOf(task, failure)
    if (task.group.closed) this.handBack(task)
    else if (tier === undefined) this.retryInPlace(task, failure)
    else void this.park(task, failure, tier)
    return true
  }

  /** Stays at work until the parked copy is confirmed. Never rejects. */
  private async park(task: Task, failure: Failure, tier: TierPlan): Promise<void> {
    const end = await (this.parking as Parking).park(task, failure, tier)
    if (end === 'unfit') this.retryInPlace(task, failure)
    else if (end === 'given-up') this.handBack(task)
    else {
      await task.run?.holdings?.open()
      this.settle(task, 'parked')
    }
  }

  private retryInPlace(task: Task, failure: Failure): void {
    const pause = nextAttempt(this.parts, task, failure)
    this.waitThen(task, this.parts.world.clock.sleep(pause, task.group.closing.signal))
  }

  private waitThen(task: Task, until: Promise<void>): void {
    const effects = task.run?.effects === 0 || task.run === undefined ? 0 : 1
    this.effectsWaiting += effects
    task.group.bytesAtWork -= task.bytes
    task.rest()
    this.schedule.wait(task)
    this.lanes.changed()
    void until.then(() => {
      this.effectsWaiting -= effects
      if (task.group.closed) task.end()
      else if (!this.isolation.keeps(task)) this.schedule.again(task)
      this.lanes.changed()
    })
  }

  /** Stays at work until the dead letter is confirmed. Never rejects. */
  private async giveUp(task: Task, failure: Failure): Promise<void> {
    const guard = this.guard?.counts(failure.error.failure) === true ? this.guard : undefined
    if (guard?.admits() === false) {
      this.pausedByGuard(task, failure)
      return
    }
    if (await this.letters.send(task, failure)) {
      await task.run?.holdings?.open()
      await refuse(this.parts, task, failure)
      guard?.failed()
      this.settle(task, 'deadLettered')
    } else {
      guard?.handedBack()
      this.handBack(task)
    }
  }

  private pausedByGuard(task: Task, failure: Failure): void {
    const { plan, log } = this.parts
    // Once: what fails after it is no news.
    if (!this.window.shut)
      log.error(
        {
          code: 'SLU5502',
          pipeline: plan.name,
          cause: failure.error.code,
          err: failure.error,
          ...plan.failure.guard,
        },
        'The guard paused the pipeline: too many of the latest messages failed. The message stays unsettled.',
      )
    this.window.shut = true
    task.span?.fail(failure.error)
    if (task.group.closed) {
      this.handBack(task)
      return
    }
    task.end()
    task.group.bytesAtWork -= task.bytes
    this.schedule.wait(task)
    this.lanes.changed()
  }

  private settle(task: Task, outcome: Outcome): void {
    const { counts, meter, plan, world } = this.parts
    task.end()
    if (this.leave(task)) {
      counts.inFlight--
      counts[outcome]++
      this.window.release(1, task.bytes)
      if (outcome === 'acked') this.guard?.succeeded()
      meter.processed(plan.name, outcome, (world.clock.monotonic() - task.startedAt) / 1000)
    }
    task.group.tracker.finish(task.slot)
    this.settlement.finished(task.group, task.message, { outcome, attempts: task.attempt })
    this.schedule.done(task)
    this.lanes.changed()
  }

  private handBack(task: Task): void {
    task.end()
    if (this.leave(task)) this.release(1, task.bytes)
    this.schedule.done(task)
    this.lanes.changed()
  }

  /** False when the message was counted as released already. */
  private leave(task: Task): boolean {
    const { group } = task
    group.bytesAtWork -= task.bytes
    if (group.cutOff) return false
    group.bytes -= task.bytes
    return true
  }
}
