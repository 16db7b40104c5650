// How often caches answer, over the latest quarter of an hour, from what processes counted since they started; one that starts anew counts anew.
import type { WorkerStatus } from '../../core/worker-status.ts'

export interface CacheHits {
  readonly asked: number
  readonly hits: number
}

const WINDOW_MS = 15 * 60_000
/** Between two points that are kept. */
const STEP_MS = 15_000

type Counted = NonNullable<WorkerStatus['caches']>
type Sums = Readonly<Record<string, CacheHits>>

export class CacheWatch {
  /** What each process had counted when it was seen last; one that was away for a while goes on from there. */
  private readonly last = new Map<string, { readonly at: number; readonly caches: Counted }>()
  private sums: Record<string, CacheHits> = {}
  private points: { readonly at: number; readonly sums: Sums }[] = []

  /** `now` is monotonic. By cache; until the window is full it is all that the processes counted. */
  see(processes: readonly Pick<WorkerStatus, 'id' | 'caches'>[], now: number): Sums {
    for (const { id, caches = {} } of processes) {
      for (const [cache, counts] of Object.entries(caches)) this.add(cache, counts, id)
      this.last.set(id, { at: now, caches })
    }
    for (const [id, { at }] of this.last) if (now - at > WINDOW_MS) this.last.delete(id)
    const [oldest] = this.remember(now)
    return Object.fromEntries(
      Object.entries(this.sums).map(([cache, { asked, hits }]) => {
        const before = oldest?.sums[cache] ?? { asked: 0, hits: 0 }
        return [cache, { asked: asked - before.asked, hits: hits - before.hits }]
      }),
    )
  }

  private add(cache: string, { hits, misses }: Counted[string], id: string): void {
    const before = this.last.get(id)?.caches[cache] ?? { hits: 0, misses: 0 }
    const so = this.sums[cache] ?? { asked: 0, hits: 0 }
    this.sums[cache] = {
      asked: so.asked + (hits + misses) - (before.hits + before.misses),
      hits: so.hits + hits - before.hits,
    }
  }

  /** The first is the one to compare with; before there is one, that is zero. */
  private remember(now: number): readonly { readonly sums: Sums }[] {
    const latest = this.points.at(-1)
    if (latest === undefined) this.points.push({ at: now, sums: {} })
    else if (now - latest.at >= STEP_MS) this.points.push({ at: now, sums: { ...this.sums } })
    while ((this.points[1]?.at ?? now) <= now - WINDOW_MS) this.points.shift()
    return this.points
  }
}
