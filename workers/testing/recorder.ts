// Everything that a run of a case leaves behind: what was confirmed where, what was committed, what became of each message.
import type { Clock } from '../core/clock.ts'
import type { OutMessage, StoreEntry } from '../core/contract.ts'
import type { Envelope, PlacedMessage, QueueMessage } from '../core/message.ts'
import { cacheAddress } from '../steps/cache-key.ts'
import { tagAddress } from '../steps/cache-tags.ts'
import { isWritten, plainOf, type Payload } from '../runtime/formats/payload.ts'
import type { GivenEvent, Scripts } from './plan.ts'
import { createRecordingTracer, type RecordingTracer } from './recording-tracer.ts'
import {
  commandFields,
  eventFields,
  jobFields,
  replyFields,
  letterFields,
  letterOrigin,
  type Seen,
} from './seen.ts'
import type { StepStory, Story } from './story.ts'

type Payloads = (topic: string) => Payload | undefined

export class Recorder {
  readonly seen: Seen[] = []
  /** Next offset to read, by partition. */
  readonly commits = new Map<number, number>()
  /** Places of messages that were acknowledged one by one. */
  private readonly acked = new Set<string>()
  /** By place without its number. */
  private readonly acks = new Map<string, number>()
  private readonly deliveries = new Map<string, number>()
  /** Calls by handler, scripted or real. */
  readonly calls = new Map<string, number>()
  readonly traced: RecordingTracer
  /** Given messages by their places on the source, as they come back from it. */
  readonly places = new Map<string, number>()
  private readonly stories = new WeakMap<Envelope, Story>()
  /** Given messages by their ids. */
  private readonly ids = new Map<string, number>()
  private readonly given: readonly GivenEvent[]
  /** How values of topics are written, by the topic's name. */
  private readonly payloads: Payloads
  private readonly source: string
  private readonly arrived = new Set<number>()
  /** Keys of cache entries by their addresses: an address is a hash. */
  private readonly keys = new Map<string, unknown>()
  /** Tags by their addresses, and whose they are. */
  private readonly tags = new Map<string, { readonly cache: string; readonly tag: string }>()
  granted = false

  /** `source`: what is given goes there, by its name in fleet.yaml. */
  constructor(
    given: readonly GivenEvent[],
    { source, payloads }: { readonly source: string; readonly payloads: Payloads },
    clock: Clock,
  ) {
    this.given = given
    this.source = source
    this.payloads = payloads
    this.traced = createRecordingTracer(clock)
  }

  /** Each given message was handed to the pipeline. */
  get complete(): boolean {
    return this.arrived.size === this.given.length
  }

  /** A message as the source hands it over; equal ones are told apart by their order. */
  offered(partition: number, message: PlacedMessage): void {
    const place = this.newPlace(partition, message)
    if (this.places.has(place)) return
    const payload = this.payloads(this.source)
    const index = this.given.findIndex(
      (event, candidate) => !this.arrived.has(candidate) && isSame(event, message, payload),
    )
    if (index === -1) return
    this.arrived.add(index)
    this.places.set(place, index)
  }

  /** The runtime asks this in the same turn in which it began the message's span, and never twice. */
  accepted(event: Envelope): void {
    const story = this.traced.begun()
    if (story === undefined) return
    this.stories.set(event, story)
    const index = this.places.get(story.place)
    if (index !== undefined && !this.ids.has(event.id)) this.ids.set(event.id, index)
  }

  /** `steps`: filled while the attempt goes on. */
  attempted(event: Envelope, steps: StepStory[]): void {
    const story = this.stories.get(event)
    if (story !== undefined) story.steps = steps
  }

  /** What a given message says about calls; messages of one id share what the first one says. */
  scriptsOf(messageId: string): Scripts {
    return this.given[this.ids.get(messageId) ?? -1]?.scripts ?? {}
  }

  called(handler: string): void {
    this.calls.set(handler, (this.calls.get(handler) ?? 0) + 1)
  }

  /** `namespace`: that of the cache. */
  tagged(cache: string, namespace: string, tag: unknown): void {
    if (typeof tag === 'string' || typeof tag === 'number')
      this.tags.set(tagAddress(namespace, String(tag)), { cache, tag: String(tag) })
  }

  forgot(address: string): void {
    const forgotten = this.tags.get(address)
    if (forgotten === undefined) return
    const { cache, tag } = forgotten
    this.seen.push({ section: 'forgotten', destination: cache, fields: { tag }, cause: undefined })
  }

  /** `namespace`: that of the cache. */
  keyed(namespace: string, key: unknown): void {
    try {
      this.keys.set(cacheAddress(namespace, key), key)
    } catch {
      // No key: whoever uses it says so.
    }
  }

  sentToTopic(topic: string, deadLetters: boolean, message: OutMessage): void {
    this.seen.push(
      deadLetters
        ? {
            section: 'deadLetters',
            destination: topic,
            fields: letterFields(message, this.plain(this.source, message)),
            cause: letterOrigin(message),
          }
        : {
            section: 'events',
            destination: topic,
            fields: eventFields(message, this.plain(topic, message)),
            cause: this.traced.causeOf(message.id),
          },
    )
  }

  /** What people write in expectations is data, however it travels. */
  private plain(topic: string, { value }: OutMessage): Uint8Array | null {
    const payload = this.payloads(topic)
    return payload === undefined || value === null ? value : (plainOf(payload, value) ?? value)
  }

  commanded(destination: string, message: OutMessage, deadLetters = false): void {
    if (deadLetters) return this.sentToTopic(destination, true, message)
    this.seen.push({
      section: 'commands',
      destination,
      fields: commandFields(message),
      cause: this.traced.causeOf(message.id),
    })
  }

  addedJob(jobs: string, message: OutMessage): void {
    this.seen.push({
      section: 'jobs',
      destination: jobs,
      fields: jobFields(message),
      cause: this.traced.causeOf(message.id),
    })
  }

  /** Its letter settles it. */
  failedJob(jobs: string, letter: OutMessage): void {
    this.sentToTopic(jobs, true, letter)
    this.acked.add(letterOrigin(letter))
  }

  stored(store: string, { id, key, value }: StoreEntry): void {
    this.seen.push({
      section: 'stores',
      destination: store,
      fields: { key, value: JSON.parse(Buffer.from(value).toString()) as unknown },
      cause: this.traced.causeOf(id),
    })
  }

  replied(queue: string, message: OutMessage): void {
    this.seen.push({
      section: 'replies',
      destination: queue,
      fields: replyFields(message),
      cause: this.traced.causeOf(message.id),
    })
  }

  cached(cache: string, address: string, value: unknown): void {
    const fields = { key: this.keys.get(address), value }
    this.seen.push({ section: 'caches', destination: cache, fields, cause: undefined })
  }

  committed(partition: number, next: number): void {
    this.commits.set(partition, next)
  }

  acknowledged(message: PlacedMessage): void {
    this.acked.add(nth(placeOf(0, message), count(this.acks, placeOf(0, message))))
  }

  /** Messages of one id are told apart by their order; one that is delivered again has its place. */
  private newPlace(partition: number, message: PlacedMessage): string {
    const place = placeOf(partition, message)
    const isFirst = (message as Partial<QueueMessage>).redelivered === false
    return isFirst ? nth(place, count(this.deliveries, place)) : place
  }

  /** Its source will not hand it over again. */
  isSettled(place: string): boolean {
    const [partition = NaN, offset = NaN] = place.split('/').map(Number)
    return this.acked.has(place) || (this.commits.get(partition) ?? 0) > offset
  }
}

/** A tag is another one each time: a message of a queue is known by its id. */
const placeOf = (partition: number, message: PlacedMessage): string =>
  (message as Partial<QueueMessage>).id ?? `${partition}/${message.offset}`

const nth = (place: string, number: number) => (number === 1 ? place : `${place}#${number}`)

/** One more. */
function count(counts: Map<string, number>, name: string): number {
  const number = (counts.get(name) ?? 0) + 1
  counts.set(name, number)
  return number
}

function isSame(given: GivenEvent, message: PlacedMessage, payload: Payload | undefined): boolean {
  const bytes = (value: Uint8Array | null) =>
    value === null ? null : Buffer.from(value).toString('base64')
  const headers = Object.entries(given.headers)
  return (
    (given.key === null ? null : Buffer.from(given.key).toString('base64')) ===
      bytes(message.key) &&
    (payload === undefined || given.verbatim === true || given.bytes === null
      ? bytes(given.bytes) === bytes(message.value)
      : message.value !== null && isWritten(payload, given.bytes, message.value)) &&
    headers.every(([name, value]) => String(message.headers[name]) === value)
  )
}
