// A topic and the tiers in which its messages wait, as one source: each is read by a consumer of its own, so that waiting holds up nobody.
import type { Clock } from '../core/clock.ts'
import type { Intake, Lane, LogCommit, LogSource } from '../core/contract.ts'
import { DelayedIntake } from './delayed-intake.ts'

export interface TierSource {
  /** By its name in the plan. */
  readonly topic: string
  readonly source: LogSource
}

interface Tier extends TierSource {
  intake: DelayedIntake | undefined
}

export class ParkingSource implements LogSource {
  private readonly main: LogSource
  private readonly tiers: readonly Tier[]
  private readonly clock: Clock
  /** Of lanes of tiers; all others are the main one's. */
  private readonly owners = new WeakMap<Lane, LogSource>()

  constructor(main: LogSource, tiers: readonly TierSource[], clock: Clock) {
    this.main = main
    this.tiers = tiers.map((tier) => ({ ...tier, intake: undefined }))
    this.clock = clock
  }

  async start(intake: Intake): Promise<void> {
    await Promise.all([
      this.main.start(intake),
      ...this.tiers.map((tier) => {
        tier.intake = new DelayedIntake(this.owning(tier.source, intake), tier.topic, this.clock)
        return tier.source.start(tier.intake)
      }),
    ])
  }

  async stop(): Promise<void> {
    await Promise.all(
      [this.main, ...this.tiers.map(({ source }) => source)].map((one) => one.stop()),
    )
  }

  async commit(commits: readonly LogCommit[]): Promise<void> {
    const bySource = new Map<LogSource, LogCommit[]>()
    for (const commit of commits) {
      const source = this.owners.get(commit.lane) ?? this.main
      bySource.set(source, [...(bySource.get(source) ?? []), commit])
    }
    await Promise.all([...bySource].map(([source, own]) => source.commit(own)))
  }

  /** What waits to be due is not done. */
  async backlog(): Promise<number | undefined> {
    const left = await Promise.all([
      this.main.backlog(),
      ...this.tiers.map(async ({ source, intake }) => {
        const behind = await source.backlog()
        return behind === undefined ? undefined : Math.max(behind, intake?.waiting().size ?? 0)
      }),
    ])
    return left.reduce((sum, one) =>
      sum === undefined || one === undefined ? undefined : sum + one,
    )
  }

  /** A lane that waits by intent stands at its end. */
  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const now = this.clock.monotonic()
    const all = new Map(this.main.progress())
    for (const { source, intake } of this.tiers) {
      const waiting = intake?.waiting()
      for (const [id, lane] of source.progress())
        all.set(id, waiting?.has(id) === true ? { caughtUp: true, at: now } : lane)
    }
    return all
  }

  private owning(source: LogSource, intake: Intake): Intake {
    return {
      granted: (grants) => {
        for (const { lane } of grants) this.owners.set(lane, source)
        intake.granted(grants)
      },
      offer: (lane, messages, from) => intake.offer(lane, messages, from),
      room: (lane) => intake.room(lane),
      revoke: (lanes) => intake.revoke(lanes),
      lost: (lanes) => intake.lost(lanes),
    }
  }
}
