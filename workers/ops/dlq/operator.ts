// Replays and drops one letter at a time: claimed before it is sent, sent before it is audited, audited before it counts as done.
// Stopped anywhere in between, the next one finds what was begun and finishes it; what nobody can see he does not send again unasked.
import { createHash } from 'node:crypto'
import { isoTime, type World } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import { REPLAY } from '../../core/letter.ts'
import { headerText } from '../../core/message.ts'
import type { Tracer } from '../../core/telemetry.ts'
import { endsOf, fateOf, isRemembered, type Fate } from './arrival.ts'
import type { Audit, AuditLine } from './audit.ts'
import { replayId, type Back } from './back.ts'
import type { Destination, Reach } from './destinations.ts'
import { edited, type Edit } from './edit.ts'
import { dataOf } from './filter.ts'
import type { Entry, Held, Ledger } from './ledger.ts'
import { placeText, type Foreign, type Letter } from './letter.ts'
import { originalOf, targetOf, type Target } from './origin.ts'
import { sendBack } from './send-back.ts'

export type Outcome =
  | { readonly kind: 'replayed'; readonly to: string; readonly messageId: string }
  | { readonly kind: 'dropped' }
  /** Somebody did it before, or does a copy of it. */
  | { readonly kind: 'already'; readonly status: 'replayed' | 'dropped' }
  /** Somebody is at it, for `leftMs` at most. */
  | Held
  | { readonly kind: 'refused'; readonly error: SluiceError }

export interface OperatorParts {
  readonly reach: Reach
  readonly ledger: Ledger
  readonly audit: Audit
  readonly actor: string
  readonly maxReplays: number
  /** What may have been sent by a replay that was killed is sent once more. */
  readonly resend: boolean
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
  'SLU5710',
  'SLU5711',
  ...NOT_TAKEN,
])

type Sent = Omit<Back, 'trace'>

export class Operator {
  private readonly parts: OperatorParts

  constructor(parts: OperatorParts) {
    this.parts = parts
  }

  /** Rejects when going on makes no sense: a broker, the ledger or the audit log is away. */
  replay(letter: Letter, destination: Destination): Promise<Outcome> {
    return this.alone(letter, async (before) => {
      const target = targetOf(this.parts.reach, letter)
      const began = before?.status === 'replaying' ? before : undefined
      const fate = began === undefined ? 'absent' : await fateOf(target, letter.key, began)
      if (began !== undefined && fate === 'arrived')
        return this.finishOther(letter, destination, target, began)
      const back = await this.back(letter, target)
      if (began !== undefined && fate === 'unknown') this.assertRepeatable(target, began, back)
      // A long look, or a slow collector of traces, may have outlasted the claim.
      await this.parts.tracer.room()
      const held = await this.parts.ledger.claim(letter.key)
      if (held !== undefined) return held
      return this.sendAndFinish(
        letter,
        destination,
        target,
        back,
        await endsFor(target, began, fate),
      )
    })
  }

  drop(letter: Letter | Foreign, destination: Destination, reason: string): Promise<Outcome> {
    return this.alone(letter, async (before) => {
      await this.audited(letter, destination, { command: 'dlq drop', outcome: 'dropped', reason })
      // What a replay may have sent before counts, should it fail again.
      const count = before?.count ?? 0
      await this.note(letter, destination, { status: 'dropped', count, reason })
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

  private async back(letter: Letter, target: Target): Promise<Sent> {
    const { edit, maxReplays, world, reach } = this.parts
    const original = await originalOf(letter, target, reach.formats)
    const count = 1 + (await this.replaysBefore(letter))
    if (count > maxReplays)
      throw new SluiceError('SLU5707', {
        message: `it was replayed ${count - 1} times, and ${maxReplays} are allowed`,
      })
    const back = {
      letter,
      original,
      edited: edit === undefined ? undefined : edited(reach.plan, letter, original, edit),
      count,
      timestamp: world.clock.now(),
    }
    const { value } = back.edited ?? original
    if (target.kind === 'jobs' && (value === null || dataOf(value) === undefined))
      throw new SluiceError('SLU5711', {
        message: `its value is no JSON, and ${target.name} takes nothing else`,
      })
    return back
  }

  /** Anybody can write a header: it counts only if the ledger knows the letter that it names. */
  private async replaysBefore({ message: { headers } }: Letter): Promise<number> {
    const of = headerText(headers, REPLAY.of)
    if (of === undefined || !/^[\w-]{22}$/.test(of)) return 0
    return (await this.parts.ledger.read(of))?.count ?? 0
  }

  /** Nobody can say whether what was begun arrived: the same message may go once more if that is none, or if somebody wants it to. */
  private assertRepeatable(target: Target, began: Entry, back: Sent): void {
    const { resend, world } = this.parts
    const who = `a replay as ${began.messageId} by ${began.by} at ${began.at} has an unknown outcome`
    if (began.messageId !== replayId(back)) throw new SluiceError('SLU5704', { message: who })
    if (!resend && !isRemembered(target, began, world.clock.now()))
      throw new SluiceError('SLU5710', {
        message: `${who}: ${target.kind} ${target.name} does not show what arrived`,
      })
  }

  private async sendAndFinish(
    letter: Letter,
    destination: Destination,
    target: Target,
    back: Sent,
    ends: Entry['ends'],
  ): Promise<Outcome> {
    const intent = {
      status: 'replaying',
      count: back.count,
      messageId: replayId(back),
      ...(ends === undefined ? {} : { ends }),
      ...(back.edited === undefined ? {} : { edited: hashesOf(back) }),
    } as const
    await this.note(letter, destination, intent)
    await sendBack(back, target, this.parts.tracer)
    // Where nobody could see it later, it is written down now.
    if (target.view === undefined) await this.note(letter, destination, { ...intent, sent: true })
    return this.finish(letter, destination, target, intent)
  }

  /** It arrived as whoever began it wanted it: what is wanted now may be something else. */
  private async finishOther(
    letter: Letter,
    destination: Destination,
    target: Target,
    began: Entry,
  ): Promise<Outcome> {
    const outcome = await this.finish(letter, destination, target, began)
    return this.parts.edit === undefined && began.edited === undefined
      ? outcome
      : { kind: 'already', status: 'replayed' }
  }

  private async finish(
    letter: Letter,
    destination: Destination,
    { kind, name }: Target,
    { count, messageId = '', edited: hashes }: Pick<Entry, 'count' | 'messageId' | 'edited'>,
  ): Promise<Outcome> {
    const to = `${kind} ${name}`
    await this.audited(letter, destination, {
      command: 'dlq replay',
      outcome: 'replayed',
      to,
      messageId,
      ...(hashes === undefined ? {} : { edited: hashes }),
    })
    await this.note(letter, destination, { status: 'replayed', count, messageId })
    return { kind: 'replayed', to, messageId }
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

/** What was noted before the first try holds for as long as it is known that nothing came of it. */
const endsFor = (target: Target, began: Entry | undefined, fate: Fate) =>
  began?.ends !== undefined && fate === 'absent' ? began.ends : endsOf(target)

const hashesOf = ({ original, edited: now }: Sent) => ({
  before: hashOf(original.value),
  after: hashOf(now?.value ?? null) ?? '',
})

const hashOf = (value: Uint8Array | null): string | null =>
  value === null ? null : createHash('sha256').update(value).digest('hex')
