// A topic in which messages wait for another attempt, as a source of those that are due; holding back the others is no standstill.
import type { Clock } from '../core/clock.ts'
import type { Intake, LogCommit, LogSource } from '../core/contract.ts'
import { DelayedIntake } from './delayed-intake.ts'

export class TierSource implements LogSource {
  private readonly inner: LogSource
  private readonly topic: string
  private readonly clock: Clock
  private intake: DelayedIntake | undefined

  /** `topic`: by its name in the plan. */
  constructor(inner: LogSource, topic: string, clock: Clock) {
    this.inner = inner
    this.topic = topic
    this.clock = clock
  }

  start(intake: Intake): Promise<void> {
    this.intake = new DelayedIntake(intake, this.topic, this.clock)
    return this.inner.start(this.intake)
  }

  stop(): Promise<void> {
    return this.inner.stop()
  }

  commit(commits: readonly LogCommit[]): Promise<void> {
    return this.inner.commit(commits)
  }

  /** What waits to be due is not done. */
  async backlog(): Promise<number | undefined> {
    const behind = await this.inner.backlog()
    return behind === undefined ? undefined : Math.max(behind, this.intake?.waiting().size ?? 0)
  }

  /** A lane that waits by intent stands at its end. */
  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const at = this.clock.monotonic()
    const waiting = this.intake?.waiting()
    return new Map(
      [...this.inner.progress()].map(([id, lane]) => [
        id,
        waiting?.has(id) === true ? { caughtUp: true, at } : lane,
      ]),
    )
  }
}
