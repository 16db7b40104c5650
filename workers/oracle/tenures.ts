// Who holds which partitions of the source as the happenings go by; of a source that belongs to one process at a time, whoever is given one
// takes it from everybody else.
import type { Happening } from './history.ts'

export class Tenures {
  private readonly exclusive: boolean
  private readonly held = new Map<string, Set<number>>()

  constructor(exclusive: boolean) {
    this.exclusive = exclusive
  }

  /** Returns how many processes lost something by it while they may have been at work. */
  see(happening: Happening): number {
    const { process } = happening
    const own = this.of(process)
    switch (happening.kind) {
      case 'granted': {
        const robbed = this.exclusive ? this.rob(process, happening.partitions) : 0
        for (const one of happening.partitions) own.add(one)
        return robbed
      }
      case 'gone':
        for (const one of happening.partitions) own.delete(one)
        return happening.drained ? 0 : 1
      case 'killed':
        own.clear()
        return 1
      default:
        return 0
    }
  }

  holds(process: string, partition: number): boolean {
    return this.held.get(process)?.has(partition) ?? false
  }

  private of(process: string): Set<number> {
    const own = this.held.get(process) ?? new Set()
    this.held.set(process, own)
    return own
  }

  private rob(process: string, partitions: readonly number[]): number {
    let robbed = 0
    for (const [other, own] of this.held) {
      const before = own.size
      if (other !== process) for (const one of partitions) own.delete(one)
      if (own.size < before) robbed++
    }
    return robbed
  }
}

/** How many messages a happening explains that they are done again: of nobody is known how far it came when it lost its place. */
export const repeatsBy = (tenures: Tenures, happening: Happening, concurrency: number): number => {
  const lost = tenures.see(happening)
  if (happening.kind === 'doubted') return 1
  // Whoever drains may cut off what is at work.
  return happening.kind === 'gone' && happening.drained ? concurrency : lost * 2 * concurrency
}
