// Stands between a source and its pipeline: notes what is handed out, and after repeated unclean ends hands the suspects out one by one,
// each behind a marker. A store that is away is passed over: without it nothing is known, and nothing is held back.
import type { Intake, Lane, LaneGrant, StateDriver } from '../../core/contract.ts'
import type { World } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { PlacedMessage } from '../../core/message.ts'
import { backoffMs, OUTAGE_BACKOFF } from '../backoff.ts'
import { ENOUGH, recordOf, taken } from './record.ts'
import type { Member, Solo } from './solo.ts'
import { Ward } from './ward.ts'

/** The pipeline, as far as quarantine knows it. */
export interface Patient extends Member {
  /** In an earlier tenure: nothing is started for it. */
  wasFinished(lane: Lane, offset: number): boolean
  /** Takes one message that may start while the process is held, whatever the window holds. False when the lane is gone. */
  takeAlone(lane: Lane, message: PlacedMessage, condemned: SluiceError | undefined): boolean
  /** Resolves when nothing taken of the lane is unsettled, the lane is gone, or the guard has paused the pipeline. */
  settled(lane: Lane): Promise<void>
}

export interface QuarantineParts {
  /** The pipeline itself. */
  readonly intake: Intake
  readonly patient: Patient
  readonly solo: Solo
  readonly state: StateDriver
  readonly pipeline: string
  /** Of the records of this pipeline in the store. */
  readonly folder: string
  /** Unique to this process. */
  readonly holder: string
  readonly world: World
  readonly log: Logger
}

/** A record covers so many messages at least, so that a trickle does not cost a write for each. */
const AHEAD = 64
/** A grant waits for the store so long, milliseconds. */
const STORE_WITHIN_MS = 2_000

export class Quarantine implements Intake {
  private readonly parts: QuarantineParts
  private readonly wards = new Map<Lane, Ward>()

  constructor(parts: QuarantineParts) {
    this.parts = parts
    parts.solo.join(parts.patient)
  }

  /** Lanes whose suspects run alone now. */
  get lanes(): readonly string[] {
    return [...this.wards.values()].filter(({ alone }) => alone).map(({ lane }) => lane.id)
  }

  granted(grants: readonly LaneGrant[]): void {
    const { intake, state, folder } = this.parts
    intake.granted(grants)
    for (const { lane, committed } of grants) {
      const ward = new Ward(lane, state, folder)
      this.wards.set(lane, ward)
      ward.during(this.admitted(ward, committed ?? 0))
    }
  }

  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    const ward = this.wards.get(lane)
    if (ward === undefined || ward.isClosing) return this.parts.intake.offer(lane, messages, from)
    if (ward.busy) return 0
    return ward.alone
      ? this.offerAlone(ward, messages, from)
      : this.offerFreely(ward, messages, from)
  }

  async room(lane: Lane): Promise<void> {
    const ward = this.wards.get(lane)
    await ward?.rest()
    // The pipeline has forgotten a lane before its record is closed: nothing comes of it any more, however often one asks.
    if (ward?.isClosing === true) await ward.gone
    else if (ward?.alone !== true) await this.parts.intake.room(lane)
  }

  async revoke(lanes: readonly Lane[]): Promise<void> {
    const leaving = lanes.flatMap((lane) => this.wards.get(lane) ?? [])
    for (const ward of leaving) ward.closing.abort()
    await this.parts.intake.revoke(lanes)
    await Promise.all(leaving.map((ward) => this.close(ward)))
    for (const ward of leaving) this.forget(ward)
  }

  lost(lanes: readonly Lane[]): void {
    const leaving = lanes.flatMap((lane) => this.wards.get(lane) ?? [])
    for (const ward of leaving) ward.closing.abort()
    for (const ward of leaving) this.forget(ward)
    this.parts.intake.lost(lanes)
    for (const ward of leaving) ward.leave()
  }

  private forget(ward: Ward): void {
    this.wards.delete(ward.lane)
    ward.end()
  }

  // ---------------------------------------------------------------- what is known of a lane

  private async admitted(ward: Ward, committed: number): Promise<void> {
    const { holder, log, pipeline } = this.parts
    await this.storeUp(ward)
    await this.tried(async () => {
      await ward.write(taken(holder, committed, recordOf(await ward.read())))
    })
    const { record, lane } = ward
    if (!ward.alone || record === undefined) return
    log.warn(
      {
        code: 'SLU5521',
        pipeline,
        lane: lane.id,
        ends: record.ends,
        from: committed,
        to: record.to,
      },
      'Processes that held this lane ended uncleanly again and again: the messages that they had at work run one at a time.',
    )
  }

  /** A process that has just started may be granted its lanes before it is connected to the store. */
  private async storeUp({ closing }: Ward): Promise<void> {
    const { world, state } = this.parts
    const late = new AbortController()
    const timer = world.clock.after(STORE_WITHIN_MS, () => late.abort())
    await state.whenUp(AbortSignal.any([late.signal, closing.signal]))
    timer.cancel()
  }

  /** Given up in order: whoever is granted it next starts afresh, unless suspects are left. */
  private async close(ward: Ward): Promise<void> {
    await ward.rest()
    ward.leave()
    const { record } = ward
    if (record === undefined) return
    const kept = { ...record, open: false, runs: undefined }
    await this.tried(() => (record.ends > 0 ? ward.write(kept) : ward.remove()))
  }

  /** False when the store is away. Never rejects. */
  private async tried(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.parts.log.debug({ err: error }, 'The state store is away; unclean ends are not noticed.')
      return false
    }
  }

  // ---------------------------------------------------------------- in the ordinary way

  private offerFreely(ward: Ward, messages: readonly PlacedMessage[], from: number): number {
    const { intake, state } = this.parts
    const { record, lane } = ward
    if (record === undefined || !state.isUp()) return intake.offer(lane, messages, from)
    const first = messages[from]?.offset ?? 0
    const last = messages.at(-1)?.offset ?? 0
    if (last < record.upTo) return intake.offer(lane, messages, from)
    // Noted before it is handed out: whatever a process had at work when it ended is below the mark.
    const upTo = Math.max(last + 1, first + AHEAD)
    ward.during(this.tried(() => ward.write({ ...record, upTo })).then(() => {}))
    return 0
  }

  // ---------------------------------------------------------------- one at a time

  private offerAlone(ward: Ward, messages: readonly PlacedMessage[], from: number): number {
    const { patient } = this.parts
    let at = from
    for (; at < messages.length; at++) {
      const message = messages[at] as PlacedMessage
      if (message.offset >= (ward.record?.to ?? 0)) {
        ward.during(this.over(ward))
        break
      }
      if (patient.wasFinished(ward.lane, message.offset)) {
        patient.takeAlone(ward.lane, message, undefined)
        continue
      }
      if (ward.admitted === message.offset) {
        ward.during(this.runAlone(ward, message))
        at++
      } else ward.during(this.admit(ward, message.offset))
      break
    }
    return at - from
  }

  /** Resolves when the message may be handed out: nothing else is at work in the process, and its marker is written. */
  private async admit(ward: Ward, offset: number): Promise<void> {
    const { solo, state, world } = this.parts
    const { signal } = ward.closing
    for (let times = 1; !signal.aborted; times++) {
      ward.entered(await solo.enter(signal))
      const { record } = ward
      if (record === undefined || signal.aborted) break
      if (await this.tried(() => ward.write({ ...record, runs: offset }))) {
        ward.admitted = offset
        return
      }
      // Without its marker it does not run: a process that ends now would not be known to have ended under it.
      ward.leave()
      await world.clock.sleep(backoffMs(OUTAGE_BACKOFF, times, world.random), signal)
      await state.whenUp(signal)
    }
    ward.leave()
  }

  /** Hands it out, and resolves when it is settled and its marker is gone. */
  private async runAlone(ward: Ward, message: PlacedMessage): Promise<void> {
    const { patient, log, pipeline } = this.parts
    const { lane, record } = ward
    ward.admitted = undefined
    const ends = record?.ended[message.offset] ?? 0
    const condemned = ends < ENOUGH ? undefined : condemnation(ends)
    if (condemned !== undefined)
      log.error(
        { code: condemned.code, pipeline, lane: lane.id, offset: message.offset, ends },
        'A message has ended its process again and again, with nothing else at work; it is given up.',
      )
    if (patient.takeAlone(lane, message, condemned)) await patient.settled(lane)
    if (record !== undefined && !ward.closing.signal.aborted)
      await this.tried(() => ward.write({ ...record, runs: undefined }))
    ward.leave()
  }

  /** Every suspect has passed. */
  private async over(ward: Ward): Promise<void> {
    const { log, pipeline } = this.parts
    const { record, lane } = ward
    if (record === undefined) return
    log.info({ pipeline, lane: lane.id }, 'All suspects are done; the lane runs as before.')
    const { to } = record
    await this.tried(() =>
      ward.write({ ...record, upTo: to, ends: 0, to: record.from, runs: undefined, ended: {} }),
    )
  }
}

const condemnation = (ends: number): SluiceError =>
  new SluiceError('SLU5520', {
    message: `${ends} processes ended while this message was the only one at work in them`,
  })
