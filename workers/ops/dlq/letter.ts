// Reads a dead letter from what stands on a topic or a stream; whatever it says came from outside and is bounded before it is believed.
import { createHash } from 'node:crypto'
import stringify from 'safe-stable-stringify'
import { firingsOf } from '../../core/source-plan.ts'
import type { FailureClass } from '../../core/codes.ts'
import { LETTER_PREFIX, LETTER_VERSION, type LetterPayload } from '../../core/letter.ts'
import { headerText, type LogMessage } from '../../core/message.ts'

/** Where something stands in its destination. */
export interface Spot {
  /** Name in fleet.yaml. */
  readonly destination: string
  readonly partition: number
  readonly offset: number
  /** Of a failed job, as far as it is known. */
  readonly job?: string
}

/** Where the message came from. */
export type Origin =
  | {
      readonly kind: 'topic'
      readonly topic: string
      readonly partition: number
      readonly offset: number
    }
  | {
      readonly kind: 'queue'
      readonly queue: string
      /** Undefined: its sender gave it none. */
      readonly messageId: string | undefined
      readonly type: string | undefined
      readonly source: string | undefined
    }
  | {
      readonly kind: 'jobs'
      readonly jobs: string
      readonly jobId: string
      /** The name of the job. */
      readonly type: string | undefined
    }
  /** Of the pipeline that it runs. */
  | { readonly kind: 'schedule'; readonly schedule: string; readonly firedMs: number }

/** In fleet.yaml. */
export function originName(origin: Origin): string {
  switch (origin.kind) {
    case 'topic':
      return origin.topic
    case 'queue':
      return origin.queue
    case 'jobs':
      return origin.jobs
    case 'schedule':
      return firingsOf(origin.schedule)
  }
}

export interface Letter {
  readonly kind: 'letter'
  readonly spot: Spot
  /** The same for every copy of the letter, wherever it stands. */
  readonly key: string
  readonly message: LogMessage
  /** What the message says, as JSON where its topic tells how its values are written; else its bytes. */
  readonly content: Uint8Array | null
  readonly code: string
  readonly class: FailureClass
  readonly reason: string
  readonly fleet: string
  readonly pipeline: string
  readonly step: string | undefined
  readonly attempts: number
  readonly origin: Origin
  /** Of the event, where the message could be read. */
  readonly id: string | undefined
  /** `pipelines/predictions.yaml:19:11` */
  readonly at: string | undefined
  readonly cause: string | undefined
  readonly stack: string | undefined
  readonly failedAt: string
  readonly payload: LetterPayload
  readonly payloadBytes: number
}

/** Something that stands among the letters and is none of ours, or not any more. */
export interface Foreign {
  readonly kind: 'foreign'
  readonly spot: Spot
  readonly key: string
  readonly message: LogMessage
  readonly content: Uint8Array | null
  readonly why: string
}

export const PLACE = /^(?:(\d{1,9})\/)?(\d{1,15})$/

/** `3/17` on a topic, `17` on a stream, and the id of a failed job, whose place in their row changes. */
export const placeText = ({ partition, offset, job }: Spot, stream: boolean): string =>
  job ?? (stream ? String(offset) : `${partition}/${offset}`)

export function readLetter(spot: Spot, message: LogMessage): Letter | Foreign {
  const fields = new Fields(message)
  try {
    return { kind: 'letter', spot, message, content: message.value, ...fields.read() }
  } catch (thrown) {
    if (!(thrown instanceof NotOurs)) throw thrown
    const key = digest('foreign', spot.destination, `${spot.partition}/${spot.offset}`)
    return { kind: 'foreign', spot, key, message, content: message.value, why: thrown.message }
  }
}

class NotOurs extends Error {}

class Fields {
  private readonly message: LogMessage

  constructor(message: LogMessage) {
    this.message = message
  }

  read(): Omit<Letter, 'kind' | 'spot' | 'message' | 'content'> {
    const version = this.text('version', /^\d{1,9}$/)
    if (version !== LETTER_VERSION)
      throw new NotOurs(`its metadata is of version ${version}, and not ${LETTER_VERSION}`)
    const origin = this.origin()
    const pipeline = this.text('pipeline', NAME)
    const timestamp = this.text('timestamp', TIME)
    const { key, value } = this.message
    const from = stringify(origin) ?? ''
    const id = this.optional('id', /^[^]{1,4000}$/)
    // Two messages of a queue that nobody named may be equal in all else: the runtime named each of them.
    const twin = origin.kind === 'queue' && origin.messageId === undefined ? [id ?? ''] : []
    return {
      key: digest(from, pipeline, timestamp, key ?? '', value ?? '', ...twin),
      code: this.text('code', /^SLU\d{4}$/),
      class: this.text('class', /^(?:invalid|transient|defect)$/) as FailureClass,
      reason: this.text('reason', /^[^]{0,4000}$/),
      fleet: this.text('fleet', NAME),
      pipeline,
      step: this.optional('step', NAME),
      attempts: Number(this.text('attempts', /^\d{1,9}$/)),
      origin,
      id,
      at: this.optional('at', /^[^\n]{1,500}:\d{1,9}:\d{1,9}$/),
      cause: this.optional('cause', /^[^]{1,4000}$/),
      stack: this.optional('stack', /^[^]{1,20000}$/),
      failedAt: this.text('failed-at', TIME),
      payload: this.text('payload', /^(?:complete|omitted|none)$/) as LetterPayload,
      payloadBytes: Number(this.text('payload-bytes', /^\d{1,12}$/)),
    }
  }

  private origin(): Origin {
    const jobs = this.optional('jobs', NAME)
    if (jobs !== undefined)
      return {
        kind: 'jobs',
        jobs,
        jobId: this.text('message-id', SHORT),
        type: this.optional('message-type', SHORT),
      }
    const schedule = this.optional('schedule', NAME)
    if (schedule !== undefined) {
      const [, ms] = /:(\d{1,15})$/.exec(this.text('message-id', SHORT)) ?? []
      if (ms === undefined) throw new NotOurs('it does not say when the schedule fired')
      return { kind: 'schedule', schedule, firedMs: Number(ms) }
    }
    const queue = this.optional('queue', NAME)
    if (queue !== undefined)
      return {
        kind: 'queue',
        queue,
        messageId: this.optional('message-id', SHORT),
        type: this.optional('message-type', SHORT),
        source: this.optional('message-source', SHORT),
      }
    return {
      kind: 'topic',
      topic: this.text('topic', NAME),
      partition: Number(this.text('partition', /^\d{1,9}$/)),
      offset: Number(this.text('offset', /^\d{1,15}$/)),
    }
  }

  private text(name: string, form: RegExp): string {
    const text = this.optional(name, form)
    if (text === undefined) throw new NotOurs(`it has no header ${LETTER_PREFIX}${name}`)
    return text
  }

  private optional(name: string, form: RegExp): string | undefined {
    const text = headerText(this.message.headers, LETTER_PREFIX + name)
    if (text !== undefined && !form.test(text))
      throw new NotOurs(`its header ${LETTER_PREFIX}${name} is not of the right form`)
    return text
  }
}

const NAME = /^[A-Za-z0-9_$][A-Za-z0-9._$-]{0,249}$/
/** As long as AMQP lets it be. */
const SHORT = /^[^]{1,255}$/
const TIME = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('base64url').slice(0, 22)
}
