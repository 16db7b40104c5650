// Writes down what happens, in order; knows where each message stands on its topic.
import type {
  Claim,
  Claimed,
  OutMessage,
  StoreEntry,
  WindowAnswer,
  WindowEntry,
} from '../core/contract.ts'
import { headerText, type PlacedMessage, type QueueMessage } from '../core/message.ts'
import type { PipelineCounts } from '../core/telemetry.ts'
import type { Arrival, Effect, Happening } from '../oracle/history.ts'
import { startOf } from '../core/windows.ts'
import { numberOf } from './trace-number.ts'

/** No source has so many partitions. */
const FIRST_TIER = 1_000_000

/** Something that was done to the fleet, between two happenings. */
export interface Blow {
  /** How many happenings came before it. */
  readonly before: number
  readonly atMs: number
  readonly what: string
}

const DONE_BY_BROKERS: ReadonlySet<Happening['kind']> = new Set([
  'effect',
  'letter',
  'parked',
  'marked',
  'committed',
])

export class Chronicle {
  readonly happenings: Happening[] = []
  /** When each of them happened, in milliseconds. */
  readonly moments: number[] = []
  readonly blows: Blow[] = []
  /** By number; a message stands here once it was offered to somebody. */
  readonly arrivals: Arrival[] = []
  /** What is sent, by its id. */
  readonly effects = new Map<string, Effect>()
  /** Numbers of messages by the ids of what they send. */
  readonly senders = new Map<string, number | undefined>()
  /** Messages by what they claimed for a dedupe step: `<step>:<hash of the key>`. */
  readonly claims = new Map<string, Set<number>>()
  /** Numbers of messages that are dead letters. */
  readonly givenUp = new Set<number>()
  /** Of a queue: numbers that it has forgotten, and the lowest that it has not. */
  private readonly settled = new Set<number>()
  private lowest = 0
  private offeredUpTo = 0
  /** Numbers by what deliveries are called, without the source: partition and offset, or the id in a queue. */
  private readonly places = new Map<string, number>()
  private readonly tiers = new Map<string, number>()
  private copies = 0
  private readonly counted = new Map<string, string>()
  private readonly now: () => number

  /** Steps whose effects say what windows hold. */
  private readonly rolling: ReadonlySet<string>

  constructor(now: () => number, rolling: ReadonlySet<string> = new Set()) {
    this.now = now
    this.rolling = rolling
  }

  add(happening: Happening): void {
    const at = this.placeOf(happening)
    this.happenings.splice(at, 0, happening)
    this.moments.splice(at, 0, this.now())
  }

  /** What a broker has done a moment before a process died, and says a moment later, stands before its end. */
  private placeOf({ kind, process }: Happening): number {
    const end = this.happenings.length
    if (!DONE_BY_BROKERS.has(kind)) return end
    for (let at = end - 1; at >= 0 && this.moments[at] === this.now(); at--) {
      const one = this.happenings[at]
      if (one?.kind === 'killed' && one.process === process) return at
    }
    return end
  }

  blow(what: string): void {
    this.blows.push({ before: this.happenings.length, atMs: this.now(), what })
  }

  /** Each of so many messages was offered to somebody. */
  hasAll(count: number): boolean {
    while (this.arrivals[this.offeredUpTo] !== undefined) this.offeredUpTo++
    return this.offeredUpTo >= count
  }

  /** A tag is another one with each delivery: a queue holds its messages in the order in which they were made. */
  offered(partition: number, message: PlacedMessage): void {
    const { key, headers } = message
    const number = numberOf(headers)
    if (number === undefined) return
    const { redelivered, id } = message as Partial<QueueMessage>
    const offset = redelivered === undefined ? message.offset : number
    this.places.set(id ?? `${partition}/${offset}`, number)
    this.arrivals[number] ??= { partition, offset, key: key && Buffer.from(key).toString() }
  }

  /** A copy that waited for another attempt, in the lane of that id; `number` is its place there. */
  returned(process: string, lane: string, copy: PlacedMessage, number: number): void {
    const message = numberOf(copy.headers)
    if (message !== undefined) this.places.set(`${lane}/${copy.offset}`, message)
    this.add({ kind: 'returned', process, message, partition: this.tier(lane), offset: number })
  }

  /** The queue of what has waited forgets its copy of this number. */
  forgotten(process: string, lane: string, number: number | undefined): void {
    if (number === undefined) return
    const finished = [[number, number + 1]] as const
    this.add({ kind: 'committed', process, partition: this.tier(lane), next: 0, finished })
  }

  /** Of a message with an id of its own. */
  numberOf(id: string): number | undefined {
    return this.places.get(id)
  }

  nextCopy(): number {
    return this.copies++
  }

  /** A number for a lane of what waits, beyond all partitions of the source. */
  tier(lane: string): number {
    const number = this.tiers.get(lane) ?? FIRST_TIER + this.tiers.size
    this.tiers.set(lane, number)
    return number
  }

  /** The queue forgets the message of this number. */
  acked(process: string, number: number | undefined): void {
    if (number === undefined) return
    this.settled.add(number)
    while (this.settled.has(this.lowest)) this.lowest++
    const finished = [[number, number + 1]] as const
    this.add({ kind: 'committed', process, partition: 0, next: this.lowest, finished })
  }

  /** A delivery asked for a record; those of dedupe steps are shared by messages that are not the same. */
  claimed(process: string, { key, place }: Claim, { kind }: Claimed): void {
    const message = this.messageAt(place)
    if (kind === 'taken') this.add({ kind: 'claimed', process, message, ...claimOf(key) })
    const shared = sharedKey(key)
    if (shared === undefined || message === undefined) return
    const messages = this.claims.get(shared) ?? new Set()
    this.claims.set(shared, messages.add(message))
  }

  /** The store holds that a delivery is done. */
  marked(process: string, { key, place }: Claim): void {
    this.add({ kind: 'marked', process, message: this.messageAt(place), ...claimOf(key) })
  }

  /** The message that is handed over under that name. */
  messageAt(place: string): number | undefined {
    const behindName = place.slice(place.indexOf('/') + 1)
    const behindId = behindName.slice(0, behindName.lastIndexOf('/'))
    return this.places.get(place) ?? this.places.get(behindName) ?? this.places.get(behindId)
  }

  began(process: string, message: OutMessage): void {
    const effect = this.effects.get(message.id)
    if (effect !== undefined && !this.rolling.has(effect.step))
      this.add({ kind: 'began', process, ...effect, message: numberOf(message.headers) })
  }

  /** What is stored carries no trace: its message is known in the moment in which it is sent, and no longer. */
  putting(process: string, { id }: StoreEntry): number | undefined {
    const effect = this.effects.get(id)
    const message = this.senders.get(id)
    if (effect !== undefined && !this.rolling.has(effect.step))
      this.add({ kind: 'began', process, ...effect, message })
    return message
  }

  stored(process: string, { id, value, guardMs }: StoreEntry, message: number | undefined): void {
    const effect = this.effects.get(id)
    if (effect === undefined) return
    const body = Buffer.from(value).toString()
    if (this.rolling.has(effect.step))
      this.add({ kind: 'rolled', process, ...effect, message, body })
    else
      this.add({
        kind: 'effect',
        process,
        ...effect,
        message,
        body,
        ...(guardMs > 0 ? { guarded: true } : {}),
      })
  }

  arrived(process: string, message: OutMessage): void {
    const effect = this.effects.get(message.id)
    const number = numberOf(message.headers)
    if (effect === undefined) {
      const code = headerText(message.headers, 'sluice-dlq-code') ?? ''
      if (number !== undefined) this.givenUp.add(number)
      this.add({ kind: 'letter', process, message: number, code })
    } else {
      const body = Buffer.from(message.value ?? []).toString()
      const kind = this.rolling.has(effect.step) ? 'rolled' : 'effect'
      this.add({ kind, process, message: number, ...effect, body })
    }
  }

  /** To be in a window, or late for it, is an effect as well; which windows it closes depends on others. */
  windowed(
    process: string,
    { scope, id, group, numbers, ...entry }: WindowEntry,
    { kind, closed }: WindowAnswer,
    message: number | undefined,
  ): void {
    if (kind === 'full' || kind === 'ahead') return
    const step = scope.slice(scope.lastIndexOf('/') + 1)
    const [, item] = id.split(`/${step}/`)
    const body = JSON.stringify([group, numbers])
    const name = (start: number, of: string) => `${start} ${of}`
    const rows = closed.map(({ first, start, count, measured, group: of }) => ({
      name: name(start, of),
      first,
      count,
      sums: measured.map(({ sum }) => sum),
    }))
    this.add({
      kind: 'effect',
      process,
      message,
      step,
      ...(item === undefined ? {} : { item }),
      body,
    })
    this.add({
      kind: 'window',
      process,
      message,
      step,
      id,
      place: entry.place,
      result: kind,
      name: name(startOf({ ...entry }), group),
      numbers,
      closed: rows,
    })
  }

  /** Only what is new. */
  count(process: string, counts: PipelineCounts): void {
    const text = JSON.stringify(counts)
    if (this.counted.get(process) === text) return
    this.counted.set(process, text)
    this.add({ kind: 'counted', process, counts: { ...counts } })
  }
}

/** `<step>:<hash of the key>`, of a dedupe step alone. */
const sharedKey = (key: string): string | undefined => /:dedupe:(.*)$/.exec(key)?.[1]

function claimOf(key: string): { readonly claim?: string } {
  const claim = sharedKey(key)
  return claim === undefined ? {} : { claim }
}
