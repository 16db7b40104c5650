// Stands between a source and its pipeline: what was delivered to a process that ended uncleanly is handed out again by a case in the store, some
// at a time, fewer after each end, at last one by one. A store that is away is passed over: without it nothing is known, and nothing is held back.
import type { Intake, Lane, LaneGrant } from '../../core/contract.ts'
import type { PlacedMessage } from '../../core/message.ts'
import { Docket } from './docket.ts'
import type { QuarantineParts } from './parts.ts'
import { Solitary } from './solitary.ts'
import { Ward } from './ward.ts'

/** A grant waits for the store so long, milliseconds. */
const STORE_WITHIN_MS = 2_000
/** What a text of the store has room for. */
const MOST = 512

export class Quarantine implements Intake {
  private readonly parts: QuarantineParts
  private readonly docket: Docket
  private readonly solitary: Solitary
  private readonly wards = new Map<Lane, Ward>()

  constructor(parts: QuarantineParts) {
    this.parts = parts
    this.docket = new Docket(parts)
    this.solitary = new Solitary(parts, this.docket)
    parts.solo.join(parts.patient)
  }

  /** Lanes whose suspects run alone now. */
  get lanes(): readonly string[] {
    return [...this.wards.values()].filter(({ alone }) => alone).map(({ lane }) => lane.id)
  }

  granted(grants: readonly LaneGrant[]): void {
    const { intake, suspectsOf } = this.parts
    intake.granted(grants)
    for (const grant of grants) {
      const ward = new Ward(grant.lane, suspectsOf(grant))
      this.wards.set(grant.lane, ward)
      ward.during(this.opened(ward))
    }
  }

  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    const ward = this.wards.get(lane)
    if (ward === undefined || ward.isClosing) return this.parts.intake.offer(lane, messages, from)
    const first = messages[from]
    if (ward.busy || first === undefined) return 0
    return ward.suspects.has(first)
      ? this.offerSuspects(ward, messages, from)
      : this.offerFreely(ward, messages, from)
  }

  async room(lane: Lane): Promise<void> {
    const ward = this.wards.get(lane)
    const wasBusy = ward?.busy === true
    await ward?.rest()
    // The pipeline has forgotten a lane before its record is closed: nothing comes of it any more, however often one asks.
    if (ward?.isClosing === true) await ward.gone
    else if (!wasBusy) await this.parts.intake.room(lane)
  }

  async revoke(lanes: readonly Lane[]): Promise<void> {
    const leaving = lanes.flatMap((lane) => this.wards.get(lane) ?? [])
    for (const ward of leaving) ward.closing.abort()
    await this.parts.intake.revoke(lanes)
    await Promise.all(leaving.map((ward) => this.close(ward)))
    for (const ward of leaving) this.forget(ward)
  }

  /** The process goes on: an end it was not, whatever was at work. */
  lost(lanes: readonly Lane[]): void {
    const leaving = lanes.flatMap((lane) => this.wards.get(lane) ?? [])
    for (const ward of leaving) ward.closing.abort()
    for (const ward of leaving) this.forget(ward)
    this.parts.intake.lost(lanes)
    for (const ward of leaving) {
      ward.leave()
      void this.docket.close(ward)
    }
  }

  private forget(ward: Ward): void {
    this.wards.delete(ward.lane)
    ward.end()
  }

  // ---------------------------------------------------------------- beginning and end of a lane

  private async opened(ward: Ward): Promise<void> {
    const { log, pipeline } = this.parts
    await this.storeUp(ward)
    await this.docket.tried(() => ward.suspects.open())
    if (ward.suspects.any)
      log.info(
        { pipeline, lane: ward.lane.id },
        'A process that held this lane ended uncleanly: what it had is done under watch.',
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

  private async close(ward: Ward): Promise<void> {
    await ward.rest()
    ward.leave()
    await this.docket.close(ward)
    await this.docket.tried(() => ward.suspects.close())
  }

  // ---------------------------------------------------------------- what nobody suspects

  private offerFreely(ward: Ward, messages: readonly PlacedMessage[], from: number): number {
    const { intake, state } = this.parts
    const { suspects, lane } = ward
    if (this.isDone(ward)) {
      ward.during(this.over(ward))
      return 0
    }
    const until = messages.findIndex((message, at) => at > from && suspects.has(message))
    const free = until < 0 ? messages : messages.slice(0, until)
    if (!state.isUp() || suspects.covers(free, from)) return intake.offer(lane, free, from)
    ward.during(this.docket.tried(() => suspects.note(free, from)).then(() => {}))
    return 0
  }

  /** There were suspects, and none is left. */
  private isDone(ward: Ward): boolean {
    return (ward.atOnce > 0 || ward.suspects.any) && this.groupIsEmpty(ward)
  }

  private async over(ward: Ward): Promise<void> {
    const { log, pipeline } = this.parts
    ward.alone = false
    await this.docket.close(ward)
    await this.forgetSettled(ward)
    if (!ward.suspects.any) return
    log.info({ pipeline, lane: ward.lane.id }, 'All suspects are done; the lane runs as before.')
    await this.docket.tried(() => ward.suspects.over())
  }

  // ---------------------------------------------------------------- suspects

  private offerSuspects(ward: Ward, messages: readonly PlacedMessage[], from: number): number {
    const { patient, intake } = this.parts
    const { suspects, lane, admitted } = ward
    let at = from
    for (; at < messages.length; at++) {
      const message = messages[at] as PlacedMessage
      if (!suspects.has(message)) break
      const admission = admitted.get(message.offset)
      const isFinished = patient.wasFinished(lane, message.offset)
      if (admission === undefined && !isFinished) {
        ward.during(this.admit(ward, messages, at))
        break
      }
      if (admission?.endsAlone !== undefined) {
        admitted.delete(message.offset)
        ward.during(this.solitary.run(ward, message, admission.endsAlone))
        return at + 1 - from
      }
      if (intake.offer(lane, [message], 0) === 0) break
      admitted.delete(message.offset)
    }
    return at - from
  }

  /** Resolves when the message, and maybe some after it, may be handed out: they stand in the lane's case. */
  private async admit(ward: Ward, messages: readonly PlacedMessage[], from: number): Promise<void> {
    const { patient } = this.parts
    const { lane, suspects, group } = ward
    this.groupIsEmpty(ward)
    await this.forgetSettled(ward)
    await this.docket.look()
    const first = messages[from] as PlacedMessage
    const atOnce = this.atOnceOf(suspects.keyOf(first))
    if (atOnce === 1) {
      await this.solitary.admit(ward, first)
      return
    }
    // A case says of all in it how close they came: others wait until it is closed.
    const fits = () => group.size === 0 || (ward.atOnce === atOnce && group.size < atOnce)
    await patient.until(lane, () => this.groupIsEmpty(ward) || fits())
    if (ward.isClosing) return
    for (let at = from; at < messages.length && group.size < atOnce; at++) {
      const message = messages[at] as PlacedMessage
      const key = suspects.keyOf(message)
      if (!suspects.has(message) || this.atOnceOf(key) !== atOnce) break
      if (patient.wasFinished(lane, message.offset)) continue
      group.set(message.offset, key)
      ward.admitted.set(message.offset, { endsAlone: undefined })
    }
    ward.alone = false
    await this.docket.open(ward, atOnce, [...group.values()])
  }

  /** Once their broker knows: what was forgotten before would come again, after the next end, as if nothing were known of it. */
  private async forgetSettled(ward: Ward): Promise<void> {
    const keys = ward.settled.splice(0)
    if (!keys.some((key) => this.docket.suspicionOf(key) !== undefined)) return
    await this.parts.patient.settle(ward.lane, ward.closing.signal)
    if (!ward.isClosing) await this.docket.drop(keys)
  }

  private atOnceOf(key: string): number {
    const most = Math.min(this.parts.concurrency, MOST)
    return Math.min(most, this.docket.suspicionOf(key)?.atOnce ?? most)
  }

  private groupIsEmpty(ward: Ward): boolean {
    ward.prune((offset) => this.parts.patient.isOpen(ward.lane, offset))
    return ward.group.size === 0
  }
}
