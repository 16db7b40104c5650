// One message on its way through the runtime: where it came from, how often it was tried, what it has done already.
import type { Clock } from '../core/clock.ts'
import type { Lane } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Envelope, Parked, PlacedMessage } from '../core/message.ts'
import type { Span } from '../core/telemetry.ts'
import { LaneTime } from './lane-time.ts'
import type { OffsetTracker } from './offset-tracker.ts'
import { Group, type Scheduled } from './schedule.ts'
import type { MessageRun } from './message-run.ts'

/** The messages of one lane, for as long as it is ours. */
export class LaneState extends Group<Task> {
  readonly lane: Lane
  readonly tracker: OffsetTracker
  /** Aborted when the lane is given up: what is still at work of it starts no further effect. */
  readonly abort = new AbortController()
  /** Aborted when nothing of the lane starts any more: what waits for another attempt waits in vain. */
  readonly closing = new AbortController()
  /** The group's committed offset as far as we know it. */
  committed: number | null
  /** Bytes taken and unsettled, and how many of them are at work. */
  bytes = 0
  bytesAtWork = 0
  /** What was at work has been counted as released: whatever it still does no longer counts. */
  cutOff = false
  /** Resolves when the lane was given up. */
  readonly gone: Promise<void>
  private readonly leave: () => void
  private readonly times = new Map<number, LaneTime>()
  private onLow: (() => void)[] = []

  constructor(lane: Lane, tracker: OffsetTracker, committed: number | null) {
    super()
    this.lane = lane
    this.tracker = tracker
    this.committed = committed
    const { promise, resolve } = Promise.withResolvers<void>()
    this.gone = promise
    this.leave = resolve
  }

  /** How far its messages have come to the step of that index. */
  timeAt(step: number): LaneTime {
    const time = this.times.get(step) ?? new LaneTime(this.tracker)
    this.times.set(step, time)
    return time
  }

  /** Nothing of it starts an effect any more. */
  giveUp(): void {
    this.abort.abort(new SluiceError('SLU5501', { message: `${this.lane.id} was given up` }))
    this.leave()
  }

  /** Resolves when at most `few` messages wait for a free slot, or the lane is closed. */
  async whenFew(few: number): Promise<void> {
    while (!this.closed && this.startable > few)
      await new Promise<void>((resolve) => this.onLow.push(resolve))
  }

  /** Something started, or the lane was closed. */
  changed(few: number): void {
    if (this.onLow.length === 0 || (!this.closed && this.startable > few)) return
    const waiting = this.onLow
    this.onLow = []
    for (const resolve of waiting) resolve()
  }
}

/** Between two looks at a lane that is somebody else's for now. */
const LOOK_MS = 100

export class Task implements Scheduled {
  readonly group: LaneState
  message: PlacedMessage
  readonly slot: number
  readonly chain: string | undefined
  readonly bytes: number
  follower: Task | undefined
  /** Taken alone: it may start now, waits, or waits for nothing but to be let go on. Undefined for all others. */
  solitary: 'starts' | 'waits' | 'ready' | undefined
  /** It is dead-lettered with this error instead of being worked on. */
  condemned: SluiceError | undefined
  /** 1 for the first try; outages do not count. */
  attempt: number
  outages = 0
  /** Set once the message was decoded. */
  event: Envelope | undefined
  run: MessageRun | undefined
  span: Span | undefined
  startedAt = 0

  constructor(group: LaneState, message: PlacedMessage, slot: number, chain: string | undefined) {
    this.group = group
    this.message = message
    this.slot = slot
    this.chain = chain
    this.follower = undefined
    this.bytes = bytesOf(message)
    this.attempt = message.parked?.attempt ?? 1
  }

  /** Nothing more is done for it here, however it ended. */
  end(): void {
    this.span?.end()
    this.run?.holdings?.leave()
  }

  /** After what was nobody's failure: resolves when it is worth another look. */
  turn(clock: Clock): Promise<void> {
    const { signal } = this.group.closing
    return this.run?.holdings?.turn(signal) ?? clock.sleep(LOOK_MS, signal)
  }

  /** What whoever takes it up elsewhere need not do again. */
  get progress(): Parked {
    return { attempt: this.attempt, done: this.run?.effectsDone() ?? [] }
  }

  get alone(): boolean {
    return this.solitary === 'starts'
  }

  get isHead(): boolean {
    return this.group.tracker.isHead(this.slot)
  }

  /** It waits. A message is a few bytes of all that was fetched with it: one that stays for long must not keep the rest. */
  rest(): void {
    if (this.solitary !== undefined) this.solitary = 'waits'
    const { key, value, headers } = this.message
    const own = Object.entries(headers).map(
      ([name, header]) =>
        [name, Array.isArray(header) ? header.map(copied) : copied(header)] as const,
    )
    this.message = {
      ...this.message,
      key: copied(key),
      value: copied(value),
      headers: Object.fromEntries(own),
    }
  }
}

function copied<Part>(part: Part): Part {
  if (!(part instanceof Uint8Array) || part.byteLength === part.buffer.byteLength) return part
  return Uint8Array.prototype.slice.call(part) as Part
}

function bytesOf({ key, value, headers }: PlacedMessage): number {
  let bytes = (value?.length ?? 0) + (key?.length ?? 0)
  for (const name in headers) {
    const header = headers[name]
    bytes += name.length
    for (const one of Array.isArray(header) ? header : [header]) bytes += one?.length ?? 0
  }
  return bytes
}
