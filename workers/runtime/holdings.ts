// What one message holds in the state store while it is at work: its identity, and whatever its steps claim. Marks all of it done
// before the message is settled, and never before.
import { hash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { Claim, StateDriver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Envelope } from '../core/message.ts'
import type { Leases } from './leases.ts'
import type { Delivery } from './origin.ts'
import type { MessageRun } from './message-run.ts'

export interface Records {
  readonly state: StateDriver
  /** Before every key: of this fleet and this pipeline. */
  readonly namespace: string
  /** Of this pipeline in this process. */
  readonly token: string
  readonly leaseMs: number
  readonly leases: Leases
  /** How long the identity of each message is remembered; undefined: it is not. */
  readonly onceMs: number | undefined
  /** Keys that messages of this process hold: who waits for them need not ask the server. */
  readonly atWork: Map<string, AtWork>
  readonly clock: Clock
}

interface AtWork {
  /** Resolves when it lets go. */
  readonly over: Promise<void>
  /** It may still start effects. */
  readonly isLive: () => boolean
}

interface Held {
  readonly claim: Claim
  /** Lets those go on that wait for it in this process. */
  readonly over: () => void
}

/** Between two looks at what another process holds: from the first up to the last. */
const LOOK_MS = { first: 100, last: 5_000 }

/** Ends the steps of a message whose work was done by another delivery. It is no failure. */
class Suppressed extends Error {}

export class Holdings {
  private readonly records: Records
  private readonly event: Envelope
  readonly delivery: Delivery
  private readonly isLive: () => boolean
  private readonly claims = new Map<string, Held>()
  private readonly owed: (() => Promise<void>)[] = []
  /** Who was in the way at the last look, and how often somebody was. */
  private blocker: Promise<void> | undefined
  private blocked = 0
  /** How the steps ended; what is left is to mark it. */
  private ended: 'acked' | 'duplicates' | undefined

  constructor(records: Records, event: Envelope, delivery: Delivery, isLive: () => boolean) {
    this.isLive = isLive
    this.records = records
    this.event = event
    this.delivery = delivery
  }

  /** Whom to wait for when the store is away. */
  get driver(): StateDriver {
    return this.records.state
  }

  /** One attempt. Rejects as `steps` does; with an outage while the store is away; with SLU5601 while another delivery is at work. */
  async attempt(run: MessageRun, steps: () => Promise<void>): Promise<'acked' | 'duplicates'> {
    if (this.ended === undefined) {
      this.ended = await this.unlessSuppressed(run, steps)
      if (this.ended === 'duplicates') run.span.event('duplicate')
    }
    run.current = this.asStep('mark')
    await this.mark()
    return this.ended
  }

  /**
   * Who was claimed first is marked last, and its identity is that: whoever brings the message again after a crash in between is
   * stopped by what is marked, and marks the rest.
   */
  private async mark(): Promise<void> {
    const { state } = this.records
    for (const done of this.owed) await done()
    for (const { claim } of [...this.claims.values()].toReversed())
      await state.settle(claim, 'done')
  }

  /** Ends the attempt when this was done before. Its lease is kept from then on, until the message leaves. */
  async claim(key: string, keepMs: number): Promise<void> {
    const { state, namespace, token, leaseMs, leases, atWork } = this.records
    const full = namespace + key
    const own = this.claims.get(full)
    const other = own === undefined ? atWork.get(full) : undefined
    const claim: Claim = {
      key: full,
      ...this.delivery,
      // What comes again takes over from its delivery before, and not from another with its key that is at work here.
      ...(other?.isLive() === true ? { again: 0 } : {}),
      token,
      leaseMs: Math.min(leaseMs, keepMs),
      keepMs,
    }
    // Whoever asks meanwhile knows that it is being asked.
    const held = own ?? (other?.isLive() === true ? undefined : this.held(claim))
    let isTaken = false
    try {
      const answer = await state.claim(claim)
      if (answer.kind === 'done') throw new Suppressed()
      if (answer.kind === 'held') throw this.blockedBy(other, answer.leftMs)
      isTaken = true
    } finally {
      if (!isTaken && own === undefined) held?.over()
    }
    this.blocker = undefined
    if (own !== undefined) return
    this.claims.set(full, held ?? this.held(claim))
    leases.keep(claim)
  }

  /** To be said before anything is marked as done: whoever brings the message again then finds nothing left to do. May be said again. */
  owe(done: () => Promise<void>): void {
    this.owed.push(done)
  }

  private blockedBy(other: AtWork | undefined, retryAfterMs: number): SluiceError {
    this.blocker = other?.over
    this.blocked++
    return new SluiceError('SLU5601', {
      message: `what ${this.event.id} claims is held by another message at work`,
      retryAfterMs,
    })
  }

  private held(claim: Claim): Held {
    const { atWork, leases } = this.records
    const { promise, resolve } = Promise.withResolvers<void>()
    const own: AtWork = { over: promise, isLive: this.isLive }
    atWork.set(claim.key, own)
    const over = () => {
      leases.letGo(claim)
      if (atWork.get(claim.key) === own) atWork.delete(claim.key)
      resolve()
    }
    return { claim, over }
  }

  /** Resolves when it is worth another look at who is in the way, or `signal` aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const pause = Math.min(
      LOOK_MS.last,
      LOOK_MS.first * 2 ** Math.max(0, Math.min(this.blocked - 1, 10)),
    )
    const early = new AbortController()
    void this.blocker?.then(() => early.abort())
    await this.records.clock.sleep(pause, AbortSignal.any([signal, early.signal]))
  }

  /** For whoever asks the same again. Nothing where no identities are kept; an answer that is too large is not remembered. */
  async rememberAnswer(text: string): Promise<void> {
    const { state, onceMs } = this.records
    if (onceMs === undefined || Buffer.byteLength(text) > LARGEST_ANSWER) return
    await state.write({ ...this.answerPlace(), text, ttlMs: onceMs })
  }

  /** Undefined: there was none, or it was forgotten. */
  answer(): Promise<string | undefined> {
    const { folder, name } = this.answerPlace()
    return this.records.state.read(folder, name)
  }

  private answerPlace() {
    return { folder: `${this.records.namespace}answers`, name: identityOf(this.event) }
  }

  /** The message ended otherwise than by its steps: whoever brings it again may try. Never rejects; a lease ends by itself. */
  async open(): Promise<void> {
    const { state } = this.records
    const held = [...this.claims.values()]
    await Promise.allSettled(held.map(({ claim }) => state.settle(claim, 'open')))
  }

  /** Nothing more is done for the message here: who waits for it in this process looks again. */
  leave(): void {
    for (const { over } of this.claims.values()) over()
  }

  private async unlessSuppressed(run: MessageRun, steps: () => Promise<void>) {
    const { onceMs } = this.records
    try {
      if (onceMs !== undefined) {
        run.current = this.asStep('claim')
        run.assertLive()
        await this.claim(identityOf(this.event), onceMs)
      }
      await steps()
      return 'acked'
    } catch (thrown) {
      if (!(thrown instanceof Suppressed)) throw thrown
      return 'duplicates'
    }
  }

  /** For whoever asks which step was at work, and whom to wait for. */
  private readonly asStep = (id: string) => ({ plan: { id }, driver: this.records.state })
}

/** A text of the state store takes 64 KiB. */
const LARGEST_ANSWER = 64 * 1024

/** Longer ones are hashed: a key takes 1 KiB. */
const LONGEST = 600

/** Two messages are one if source and id are. No other pair gives the same text. */
function identityOf({ source, id }: Envelope): string {
  const text = `once:${encodeURIComponent(source)}:${id}`
  return Buffer.byteLength(text) <= LONGEST ? text : `once:${hash('sha256', text, 'base64url')}`
}
