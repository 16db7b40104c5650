// The breakers of one process, each made once and shared by all who name it; says which of them a pipeline cannot go on without.
import type { World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import type { BreakerPlan } from '../core/plan-policies.ts'
import type { Counts } from '../core/telemetry.ts'
import { Breaker, quietBreaker } from './breaker.ts'
import { breakersOf } from './breaker-use.ts'

export interface BreakersParts {
  readonly plan: FleetPlan
  /** All that they go through is counted from the start. */
  readonly pipelines: readonly PipelinePlan[]
  readonly counts: Counts
  readonly world: World
  readonly log: Logger
}

export class Breakers {
  private readonly parts: BreakersParts
  private readonly made = new Map<string, Breaker>()

  constructor(parts: BreakersParts) {
    this.parts = parts
    const uses = parts.pipelines.flatMap((pipeline) => breakersOf(parts.plan, pipeline))
    for (const { name } of uses) this.of(name)
  }

  /** Undefined for what names none. */
  of(name: string | undefined): Breaker | undefined {
    if (name === undefined) return undefined
    const known = this.made.get(name)
    if (known !== undefined) return known
    const { plan, world, log } = this.parts
    const counts = (this.parts.counts.breakers[name] ??= quietBreaker())
    const of = plan.breakers[name] as BreakerPlan
    const breaker = new Breaker({ plan: of, counts, clock: world.clock, log })
    this.made.set(name, breaker)
    return breaker
  }

  ofConnection(connection: string): Breaker | undefined {
    return this.of(this.parts.plan.connections[connection]?.breaker)
  }

  /** Those that hold a pipeline still while they are open. */
  neededBy(pipeline: PipelinePlan): NeededBreakers {
    const uses = breakersOf(this.parts.plan, pipeline).filter(({ needed }) => needed)
    const names = new Set(uses.map(({ name }) => name))
    return new NeededBreakers([...names].map((name) => this.of(name) as Breaker))
  }

  stop(): void {
    for (const breaker of this.made.values()) breaker.stop()
  }
}

export class NeededBreakers {
  private readonly breakers: readonly Breaker[]

  constructor(breakers: readonly Breaker[]) {
    this.breakers = breakers
  }

  /** False while one of them lets nobody through: start nothing. */
  get ready(): boolean {
    return this.breakers.every((breaker) => breaker.ready)
  }

  /** Names of those that are not closed: no more than single calls go through. */
  get open(): string[] {
    return this.breakers.filter(({ state }) => state !== 'closed').map(({ name }) => name)
  }

  async turn(): Promise<void> {
    await Promise.all(this.breakers.map((breaker) => breaker.turn()))
  }

  onReady(listener: () => void): void {
    for (const breaker of this.breakers) breaker.onReady(listener)
  }
}
