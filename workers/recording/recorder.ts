// Knows which message is behind each effect, and writes down what became of each before its source hears of it. Changes nothing of a run.
import { isoTime, type Clock } from '../core/clock.ts'
import type { JobEnd, Lane } from '../core/contract.ts'
import type { Envelope, PlacedMessage } from '../core/message.ts'
import type { ProcessOperation, SendOperation, TraceContext } from '../core/telemetry.ts'
import { effectOf, type Sender, type Sent } from './effect.ts'
import type { Journal } from './journal.ts'
import type { Effect, EffectKind } from './line.ts'

/** What is known of one message at work. */
export interface Story {
  readonly pipeline: string
  readonly message: string | null
  event: Envelope | undefined
  readonly effects: Effect[]
}

/** Whose effect is about to be sent, and by which step. */
interface Cause extends Sender {
  readonly story: Story | undefined
  readonly pipeline: string
}

/** Takes the effect once it is confirmed. */
export type Tell = (kind: EffectKind, to: string, sent: Sent) => void

export class Recorder {
  private readonly journal: Journal
  private readonly clock: Clock
  /** Of lanes that are held, by the places of their messages. */
  private readonly lanes = new Map<Lane, Map<number, Story>>()
  private readonly owners = new WeakMap<TraceContext, Story>()
  private next: (Cause & { readonly id: string }) | undefined

  constructor(journal: Journal, clock: Clock) {
    this.journal = journal
    this.clock = clock
  }

  held(lane: Lane): void {
    this.lanes.set(lane, new Map())
  }

  /** What is not settled of it is told by whoever settles it. */
  left(lane: Lane): void {
    this.lanes.delete(lane)
  }

  /** Work on it begins, maybe once more. */
  begun(
    pipeline: string,
    source: string,
    lane: Lane,
    { offset }: PlacedMessage,
    {
      partition,
      offset: first = offset,
      messageId,
    }: Omit<ProcessOperation, 'pipeline' | 'destination'>,
  ): Story {
    const place = partition === undefined ? messageId : `${partition}/${first}`
    const message = place === undefined ? null : `${source}/${place}`
    const story: Story = { pipeline, message, event: undefined, effects: [] }
    this.lanes.get(lane)?.set(offset, story)
    return story
  }

  decoded(lane: Lane, { offset }: PlacedMessage, event: Envelope): void {
    const story = this.lanes.get(lane)?.get(offset)
    if (story !== undefined) story.event = event
  }

  /** Whatever is sent under this context is sent for its message. */
  owns(context: TraceContext, story: Story): void {
    this.owners.set(context, story)
  }

  /** The runtime sends in the same turn in which it says so. */
  sending({ messageId: id, pipeline = '', step, item }: SendOperation, parent: TraceContext): void {
    this.next = { id, pipeline, step, item, story: this.owners.get(parent) }
  }

  /** In the turn in which it is sent. */
  teller(id: string): Tell {
    const { story, pipeline, ...by }: Cause =
      this.next?.id === id ? this.next : { story: undefined, pipeline: '' }
    this.next = undefined
    return (kind, to, sent) => {
      const effect = effectOf(kind, to, by, sent)
      if (story === undefined) this.orphan(pipeline, effect)
      else story.effects.push(effect)
    }
  }

  /** Of a lane that is gone it says nothing: the message comes again. */
  settled(lane: Lane, { offset, key }: PlacedMessage, { outcome, attempts }: JobEnd): void {
    const stories = this.lanes.get(lane)
    const story = stories?.get(offset)
    if (story === undefined) return
    stories?.delete(offset)
    const { pipeline, message, event, effects } = story
    this.journal.add({
      pipeline,
      message,
      id: event?.id ?? null,
      key: event === undefined ? textOf(key) : event.key,
      outcome,
      attempts,
      effects,
      at: isoTime(this.clock.now()),
    })
  }

  /** Everything that was settled is in the file. */
  flush(): void {
    this.journal.flush()
  }

  sync(): Promise<void> {
    return this.journal.sync()
  }

  private orphan(pipeline: string, effect: Effect): void {
    this.journal.add({
      pipeline,
      message: null,
      id: null,
      key: null,
      outcome: null,
      attempts: 0,
      effects: [effect],
      at: isoTime(this.clock.now()),
    })
  }
}

const textOf = (key: Uint8Array | null) => (key === null ? null : Buffer.from(key).toString())
