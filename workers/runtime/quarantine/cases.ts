// What processes had at work of their suspects, as each wrote it down before: what an end of theirs says of whom. Pure.

/** So many ends with nothing else at work, and a message is given up. */
export const ENOUGH = 3

/** Those that were at work at an end are tried so few at a time, before it is one at a time. */
const FEW = 16

/** A lane of one process has one; it is removed when nothing of it is at work, or the lane is given up in order. */
export interface Case {
  readonly version: 1
  readonly holder: string
  /** So many may be at work; with 1 nothing else in the whole process. */
  readonly atOnce: number
  /** Of messages. */
  readonly keys: readonly string[]
}

/** Of one message. */
export interface Suspicion {
  /** It may be at work among so many suspects. */
  readonly atOnce: number
  /** Processes that ended while it was the only one at work. */
  readonly ends: number
}

/** From what others have left; nobody is suspected for what is at work here. */
export function suspicions(cases: Iterable<Case>, holder: string): Map<string, Suspicion> {
  const all = new Map<string, Suspicion>()
  for (const one of cases) {
    if (one.holder === holder) continue
    const atOnce = one.atOnce > FEW ? FEW : 1
    const end = one.atOnce === 1 ? 1 : 0
    for (const key of one.keys) {
      const before = all.get(key)
      all.set(key, {
        atOnce: Math.min(atOnce, before?.atOnce ?? atOnce),
        ends: end + (before?.ends ?? 0),
      })
    }
  }
  return all
}

/** By their names; anything that this version did not write says nothing. */
export function casesIn(texts: ReadonlyMap<string, string>): Map<string, Case> {
  return new Map(
    [...texts].flatMap(([name, text]) => {
      const found = caseOf(text)
      return found === undefined ? [] : [[name, found] as const]
    }),
  )
}

function caseOf(text: string): Case | undefined {
  try {
    const one = JSON.parse(text) as Partial<Case> | null
    return one?.version === 1 ? (one as Case) : undefined
  } catch {
    return undefined
  }
}
