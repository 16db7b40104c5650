// Replays and drops one letter at a time: claimed before it is sent, sent before it is audited, audited before it counts as done.
// Stopped anywhere in between, the next one finds what was begun and finishes it without a second effect, as far as anybody can see.
import { createHash } from 'node:crypto'
import { isoTime, type World } from '../../core/clock.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import { REPLAY } from '../../core/letter.ts'
import { headerText } from '../../core/message.ts'
import type { Tracer } from '../../core/telemetry.ts'
import { traceOf } from '../../runtime/trace-headers.ts'
import type { Audit, AuditLine } from './audit.ts'
import type { Destination, Reach } from './destinations.ts'
import { edited, type Edit } from './edit.ts'
import type { Entry, Ledger } from './ledger.ts'
import { placeText, type Foreign, type Letter } from './letter.ts'
import { endsOf, hasArrived } from './arrival.ts'
import { messageBack, replayId, type Back } from './back.ts'
import { originalOf, targetOf, type Target } from './origin.ts'

export type Outcome =
  | { readonly kind: 'replayed'; readonly to: string; readonly messageId: string }
  | { readonly kind: 'dropped' }
  /** Somebody did it before, or does a copy of it. */
  | { readonly kind: 'already'; readonly status: 'replayed' | 'dropped' }
  /** Somebody is at it, for `leftMs` at most. */
  | { readonly kind: 'held'; readonly leftMs: number }
  | { readonly kind: 'refused'; readonly error: SluiceError }

export interface OperatorParts {
  readonly reach: Reach
  readonly ledger: Ledger
  readonly audit: Audit
  readonly actor: string
  readonly maxReplays: number
  readonly edit: Edit | undefined
  readonly tracer: Tracer
  readonly world: World
}

/** The broker certainly did not take it; the letter is as it was. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['SLU5203', 'SLU5304', 'SLU5307'])
/** Something is wrong with this letter alone. */
const REFUSALS: ReadonlySet<string> = new Set([
  'SLU5704',
  'SLU5705',
  'SLU5706',
  'SLU5707',
  'SLU5708',
  ...NOT_TAKEN,
])

const SYSTEM = { topic: 'kafka', queue: 'rabbitmq', jobs: 'bullmq', schedule: 'bullmq' } as const

export class Operator {
  private readonly parts: OperatorParts

  constructor(parts: OperatorParts) {
    this.parts = parts
  }

  /** Rejects when going on makes no sense: a broker, the ledger or the audit log is away. */
  replay(letter: Letter, destination: Destination): Promise<Outcome> {
    return this.alone(letter, async (before) => {
      const target = targetOf(this.parts.reach, letter)
      const back = await this.back(letter, target)
      const messageId = replayId(back)
      const began = before?.status === 'replaying' ? before : undefined
      const arrived = began && (await hasArrived(target, letter.key, began.ends))
      if (began !== undefined && arrived !== true && began.messageId !== messageId)
        throw new SluiceError('SLU5704', {
          message: `a replay as ${began.messageId} by ${began.by} at ${began.at} has an unknown outcome`,
        })
      if (arrived !== true) await this.send(back, target, messageId, began?.ends, destination)
      const edit = back.edited && {
        before: hashOf(back.original.value),
        after: hashOf(back.edited.value) ?? '',
      }
      await this.audited(letter, destination, {
        command: 'dlq replay',
        outcome: 'replayed',
        to: `${target.kind} ${target.name}`,
        messageId: began?.messageId ?? messageId,
        ...(edit === undefined ? {} : { edited: edit }),
      })
      await this.note(letter, destination, { status: 'replayed', count: back.count, messageId })
      return { kind: 'replayed', to: `${target.kind} ${target.name}`, messageId }
    })
  }

  drop(letter: Letter | Foreign, destination: Destination, reason: string): Promise<Outcome> {
    return this.alone(letter, async () => {
      await this.audited(letter, destination, { command: 'dlq drop', outcome: 'dropped', reason })
      await this.note(letter, destination, { status: 'dropped', count: 0, reason })
      return { kind: 'dropped' }
    })
  }

  // ---------------------------------------------------------------- inside

  private async alone(
    letter: Letter | Foreign,
    work: (before: Entry | undefined) => Promise<Outcome>,
  ): Promise<Outcome> {
    const { ledger } = this.parts
    const held = await ledger.claim(letter.key)
    if (held !== undefined) return held
    const before = await ledger.read(letter.key)
    try {
      const outcome: Outcome =
        before !== undefined && before.status !== 'replaying'
          ? { kind: 'already', status: before.status }
          : await work(before)
      await ledger.release(letter.key)
      return outcome
    } catch (thrown) {
      // Of anything else the outcome is unknown: the claim ends by itself, when nothing of it can be under way any more.
      if (!(thrown instanceof SluiceError) || !REFUSALS.has(thrown.code)) throw thrown
      if (NOT_TAKEN.has(thrown.code) && before === undefined) await ledger.remove(letter.key)
      await ledger.release(letter.key)
      return { kind: 'refused', error: thrown }
    }
  }

  private async back(letter: Letter, target: Target): Promise<Omit<Back, 'trace'>> {
    const { edit, maxReplays, world, reach } = this.parts
    const original = await originalOf(letter, target)
    const count = 1 + (await this.replaysBefore(letter))
    if (count > maxReplays)
      throw new SluiceError('SLU5707', {
        message: `it was replayed ${count - 1} times, and ${maxReplays} are allowed`,
      })
    return {
      letter,
      original,
      edited: edit === undefined ? undefined : edited(reach.plan, letter, original, edit),
      count,
      timestamp: world.clock.now(),
    }
  }

  /** Anybody can write a header: it counts only if the ledger knows the letter that it names. */
  private async replaysBefore({ message: { headers } }: Letter): Promise<number> {
    const of = headerText(headers, REPLAY.of)
    if (of === undefined || !/^[\w-]{22}$/.test(of)) return 0
    return (await this.parts.ledger.read(of))?.count ?? 0
  }

  private async send(
    back: Omit<Back, 'trace'>,
    target: Target,
    messageId: string,
    endsBefore: Entry['ends'],
    destination: Destination,
  ): Promise<void> {
    const { tracer } = this.parts
    const { letter, count } = back
    const ends = endsBefore ?? (await endsOf(target))
    await this.note(letter, destination, {
      status: 'replaying',
      count,
      messageId,
      ...(ends === undefined ? {} : { ends }),
    })
    await tracer.room()
    const span = tracer.send(
      {
        destination: target.name,
        system: SYSTEM[target.kind],
        messageId,
        bytes: back.original.value?.length ?? 0,
      },
      traceOf(letter.message.headers),
    )
    try {
      const trace = Object.fromEntries(Object.entries(span.context)) as Record<string, string>
      await target.sink.send(messageBack({ ...back, trace }))
    } catch (thrown) {
      if (thrown instanceof SluiceError) span.fail(thrown)
      throw asError(thrown)
    } finally {
      span.end()
    }
  }

  private note(
    letter: Letter | Foreign,
    { keepMs }: Destination,
    entry: Omit<Entry, 'by' | 'at'>,
  ): Promise<void> {
    const { ledger, actor, world } = this.parts
    const at = isoTime(world.clock.now())
    return ledger.write(letter.key, { ...entry, by: actor, at }, keepMs)
  }

  private audited(
    letter: Letter | Foreign,
    destination: Destination,
    what: Pick<AuditLine, 'command' | 'outcome'> & Partial<AuditLine>,
  ): Promise<void> {
    const { audit, actor, world, reach } = this.parts
    return audit.write({
      version: 1,
      time: isoTime(world.clock.now()),
      actor,
      fleet: reach.plan.fleet,
      destination: destination.name,
      place: placeText(letter.spot, destination.kind === 'stream'),
      letter: letter.key,
      event: letter.kind === 'letter' ? (letter.id ?? null) : null,
      ...what,
    })
  }
}

const hashOf = (value: Uint8Array | null): string | null =>
  value === null ? null : createHash('sha256').update(value).digest('hex')
