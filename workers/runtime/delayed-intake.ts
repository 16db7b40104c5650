// Stands between a topic of parked messages and its pipeline: hands over each message when it is due, as it was before it was parked.
import type { Clock } from '../core/clock.ts'
import type { Intake, Lane, LaneGrant } from '../core/contract.ts'
import type { PlacedMessage } from '../core/message.ts'
import { returnedLog } from './parked-log.ts'

/** A wall clock may jump: it is looked at again after so long, milliseconds. */
const LOOK_AGAIN_MS = 30_000

interface Wait {
  readonly gone: AbortController
  /** Wall clock; when the first message that was not handed over is due. Undefined: nothing is held back. */
  dueAt: number | undefined
}

export class DelayedIntake implements Intake {
  private readonly inner: Intake
  private readonly topic: string
  private readonly clock: Clock
  private readonly waits = new Map<Lane, Wait>()

  constructor(inner: Intake, topic: string, clock: Clock) {
    this.inner = inner
    this.topic = topic
    this.clock = clock
  }

  /** Ids of the lanes that stand still because nothing of them is due. */
  waiting(): ReadonlySet<string> {
    const ids = [...this.waits].flatMap(([{ id }, { dueAt }]) => (dueAt === undefined ? [] : [id]))
    return new Set(ids)
  }

  granted(grants: readonly LaneGrant[]): void {
    for (const { lane } of grants)
      this.waits.set(lane, { gone: new AbortController(), dueAt: undefined })
    this.inner.granted(grants)
  }

  offer(lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    const wait = this.waits.get(lane)
    const now = this.clock.now()
    const due: PlacedMessage[] = []
    let dueAt: number | undefined
    for (let at = from; at < messages.length; at++) {
      const back = returnedLog(messages[at] as PlacedMessage, this.topic, lane.partition)
      if (back.dueAt > now) {
        dueAt = back.dueAt
        break
      }
      due.push(back.message)
    }
    const taken = due.length === 0 ? 0 : this.inner.offer(lane, due, 0)
    if (wait !== undefined) wait.dueAt = taken === due.length ? dueAt : undefined
    return taken
  }

  async room(lane: Lane): Promise<void> {
    const wait = this.waits.get(lane)
    if (wait?.dueAt !== undefined)
      await this.clock.sleep(
        Math.min(LOOK_AGAIN_MS, Math.max(0, wait.dueAt - this.clock.now())),
        wait.gone.signal,
      )
    await this.inner.room(lane)
  }

  revoke(lanes: readonly Lane[]): Promise<void> {
    this.forget(lanes)
    return this.inner.revoke(lanes)
  }

  lost(lanes: readonly Lane[]): void {
    this.forget(lanes)
    this.inner.lost(lanes)
  }

  private forget(lanes: readonly Lane[]): void {
    for (const lane of lanes) {
      this.waits.get(lane)?.gone.abort()
      this.waits.delete(lane)
    }
  }
}
