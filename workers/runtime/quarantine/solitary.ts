// Runs one suspect at a time with nothing else at work in the process, so that an end of it is an end under that message: three, and it is given up.
import { SluiceError } from '../../core/errors.ts'
import type { PlacedMessage } from '../../core/message.ts'
import { backoffMs, OUTAGE_BACKOFF } from '../backoff.ts'
import { ENOUGH } from './cases.ts'
import type { Docket } from './docket.ts'
import type { QuarantineParts } from './parts.ts'
import type { Ward } from './ward.ts'

export class Solitary {
  private readonly parts: QuarantineParts
  private readonly docket: Docket

  constructor(parts: QuarantineParts, docket: Docket) {
    this.parts = parts
    this.docket = docket
  }

  /** Resolves when it may be handed out: nothing else is at work, and its marker is written. Or the lane closes. */
  async admit(ward: Ward, message: PlacedMessage): Promise<void> {
    const { patient, solo } = this.parts
    const { lane, suspects } = ward
    const key = suspects.keyOf(message)
    // What waits for another attempt would wait for ever in a process that is held.
    await patient.until(lane, () => patient.isQuiet(lane))
    this.warn(ward, message)
    ward.entered(await solo.enter(ward.closing.signal))
    if (!(await this.marked(ward, key))) {
      ward.leave()
      return
    }
    ward.group.set(message.offset, key)
    const endsAlone = this.docket.suspicionOf(key)?.ends ?? 0
    ward.admitted.set(message.offset, { endsAlone })
  }

  /**
   * Hands it out, and resolves when it is settled. Its marker is there, and everybody else held, while it is at work; not
   * while it waits for another attempt, maybe for one of those.
   */
  async run(ward: Ward, message: PlacedMessage, ends: number): Promise<void> {
    const { patient, solo } = this.parts
    const { lane, closing } = ward
    const key = ward.suspects.keyOf(message)
    const condemned = this.condemned(ward, message, ends)
    let taken = false
    const isOver = () => taken && (patient.isQuiet(lane) || patient.isPaused())
    const isReady = () => (taken ? patient.isReady(lane) : patient.mayStart())
    for (let goes = true; goes;) {
      if (taken) patient.goOn(lane)
      else taken = patient.takeAlone(lane, message, condemned)
      await patient.until(lane, () => patient.isAtRest(lane))
      if (!ward.isClosing) await this.docket.close(ward)
      ward.leave()
      await patient.until(lane, () => isOver() || isReady())
      if (ward.isClosing || isOver()) break
      ward.entered(await solo.enter(closing.signal))
      goes = await this.marked(ward, key)
    }
    ward.leave()
  }

  /** Without its marker it does not run: a process that ends now would not be known to have ended under it. False when the lane closes first. */
  private async marked(ward: Ward, key: string): Promise<boolean> {
    const { state, world } = this.parts
    const { signal } = ward.closing
    for (let times = 1; !signal.aborted; times++) {
      if (await this.docket.open(ward, 1, [key])) return true
      await world.clock.sleep(backoffMs(OUTAGE_BACKOFF, times, world.random), signal)
      await state.whenUp(signal)
    }
    return false
  }

  private condemned(ward: Ward, { offset }: PlacedMessage, ends: number): SluiceError | undefined {
    const { log, pipeline } = this.parts
    if (ends < ENOUGH) return undefined
    const error = new SluiceError('SLU5520', {
      message: `${ends} processes ended while this message was the only one at work in them`,
    })
    log.error(
      { code: error.code, pipeline, lane: ward.lane.id, offset, ends },
      'A message has ended its process again and again, with nothing else at work; it is given up.',
    )
    return error
  }

  private warn(ward: Ward, { offset }: PlacedMessage): void {
    const { log, pipeline } = this.parts
    if (!ward.alone)
      log.warn(
        { code: 'SLU5521', pipeline, lane: ward.lane.id, from: offset },
        'Processes ended again and again with the same messages at work: they run one at a time.',
      )
    ward.alone = true
  }
}
