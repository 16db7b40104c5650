// Gives back the text of a checked expression with its guards put in; nothing else of it changes.
import type { AnyNode } from 'acorn'

/** Characters of the expression that a function of the expression runtime has to look at. */
export interface Guard {
  readonly from: number
  readonly to: number
  readonly by: '$key' | '$data' | '$time'
}

export function withGuards(
  text: string,
  { start, end }: AnyNode,
  guards: readonly Guard[],
): string {
  const inserts = guards
    .toSorted((a, b) => a.from - b.from || b.to - a.to)
    .flatMap(({ from, to, by }, order) => [
      { at: from, order, text: `${by}(` },
      // What opened last closes first; a bracket is a bracket, so only its place matters.
      { at: to, order: -1, text: ')' },
    ])
    .toSorted((a, b) => a.at - b.at || a.order - b.order)
  let out = ''
  let done = start
  for (const { at, text: insert } of inserts) {
    out += text.slice(done, at) + insert
    done = at
  }
  return out + text.slice(done, end)
}
