// What one message holds in the state store while it is at work: its identity, and whatever its steps claim. Marks all of it done
// before the message is settled, and never before.
import { hash } from 'node:crypto'
import type { Claim, StateDriver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Envelope } from '../core/message.ts'
import type { Delivery } from './origin.ts'
import type { MessageRun } from './message-run.ts'

export interface Records {
  readonly state: StateDriver
  /** Before every key: of this fleet and this pipeline. */
  readonly namespace: string
  /** Of this pipeline in this process. */
  readonly token: string
  readonly leaseMs: number
  /** How long the identity of each message is remembered; undefined: it is not. */
  readonly onceMs: number | undefined
}

/** Ends the steps of a message whose work was done by another delivery. It is no failure. */
class Suppressed extends Error {}

export class Holdings {
  private readonly records: Records
  private readonly event: Envelope
  private readonly delivery: Delivery
  private readonly claims = new Map<string, Claim>()
  /** How the steps ended; what is left is to mark it. */
  private ended: 'acked' | 'duplicates' | undefined

  constructor(records: Records, event: Envelope, delivery: Delivery) {
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
    this.ended ??= await this.unlessSuppressed(run, steps)
    run.current = this.asStep('mark')
    await Promise.all(
      [...this.claims.values()].map((claim) => this.records.state.settle(claim, 'done')),
    )
    return this.ended
  }

  /** Ends the attempt when this was done before. Claiming again is how a lease is kept. */
  async claim(key: string, keepMs: number): Promise<void> {
    const { state, namespace, token, leaseMs } = this.records
    const claim: Claim = {
      key: namespace + key,
      ...this.delivery,
      token,
      leaseMs: Math.min(leaseMs, keepMs),
      keepMs,
    }
    const answer = await state.claim(claim)
    if (answer.kind === 'done') throw new Suppressed()
    if (answer.kind === 'held')
      throw new SluiceError('SLU5601', {
        message: `another delivery of ${this.event.id} is at work`,
        retryAfterMs: answer.leftMs,
      })
    this.claims.set(claim.key, claim)
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
    await Promise.allSettled([...this.claims.values()].map((claim) => state.settle(claim, 'open')))
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
