// Finds patterns that can match a text in exponentially many ways, each of which is tried before the text is refused: (a|a)*$, (ab|a(b))*c.
import { JS, type CharSet, type Concatenation, type Element, type Quantifier } from 'refa'

/** A place in a pattern that takes one character. */
interface Spot {
  readonly characters: CharSet
  /** Where the next character may be taken; one entry for each way there. */
  readonly next: Spot[]
  /** The match is complete here, so that nothing is tried again. */
  completes: boolean
}

/** What stands between two places of a pattern, as far as its ways lead. */
interface Part {
  readonly first: readonly Spot[]
  readonly last: readonly Spot[]
  /** It may take no character at all. */
  readonly empty: boolean
  /** As `last` and `empty`, but past no assertion, which may fail. */
  readonly lastFree: readonly Spot[]
  readonly emptyFree: boolean
}

/** More of them are not looked at: nobody can read such a pattern, and it is refused for its repetitions anyway. */
const MOST_SPOTS = 150
/** What is repeated up to a limit has no loop; a few copies show how it joins with what is around it. */
const MOST_COPIES = 4

const NOTHING: Part = { first: [], last: [], empty: true, lastFree: [], emptyFree: true }
const ASSERTION: Part = { ...NOTHING, emptyFree: false }

/** For patterns that JavaScript accepts. */
export function isAmbiguous(pattern: string): boolean {
  const parser = JS.Parser.fromLiteral({ source: pattern, flags: 'u' })
  const { expression } = parser.parse({ backreferences: 'unknown', assertions: 'parse' })
  const spots = spotsOf(expression.alternatives).filter(isOpen)
  const loops = components(spots, ({ next }) => next.filter(isOpen))
  const inLoop = (spot: Spot) => spot.next.filter((to) => loops.get(to) === loops.get(spot))
  const looping = spots.filter((spot) => inLoop(spot).length > 0)
  if (looping.length > MOST_SPOTS) return false
  return looping.some((spot) => hasRepeats(inLoop(spot))) || meetsItself(looping, inLoop)
}

/** Where a match is complete nothing that follows makes it fail. */
const isOpen = ({ completes }: Spot) => !completes

/** Two ways from one place to the next, again and again. */
const hasRepeats = (spots: readonly Spot[]) => new Set(spots).size < spots.length

/** Two ways that part at one place and meet there again, over the same characters. */
function meetsItself(spots: readonly Spot[], next: (spot: Spot) => readonly Spot[]): boolean {
  const pairs = new Map<Spot, Map<Spot, readonly [Spot, Spot]>>()
  const pairOf = (a: Spot, b: Spot): readonly [Spot, Spot] => {
    const row = pairs.get(a) ?? new Map<Spot, readonly [Spot, Spot]>()
    pairs.set(a, row)
    const pair = row.get(b) ?? [a, b]
    row.set(b, pair)
    return pair
  }
  const onward = ([a, b]: readonly [Spot, Spot]) =>
    next(a).flatMap((x) =>
      next(b)
        .filter((y) => x === y || !x.characters.isDisjointWith(y.characters))
        .map((y) => pairOf(x, y)),
    )
  const starts = spots.map((spot) => pairOf(spot, spot))
  const loops = components(starts, onward)
  const met = new Set(starts.map((start) => loops.get(start)))
  for (const [pair, loop] of loops) if (pair[0] !== pair[1] && met.has(loop)) return true
  return false
}

// ---------------------------------------------------------------- from a pattern to its places

function spotsOf(alternatives: readonly Concatenation[]): Spot[] {
  const spots: Spot[] = []
  const whole = partOf(alternatives, spots)
  for (const spot of whole.lastFree) spot.completes = true
  return spots
}

function partOf(alternatives: readonly Concatenation[], spots: Spot[]): Part {
  const parts = alternatives.map(({ elements }) =>
    elements.map((element) => elementPart(element, spots)).reduce(joined, NOTHING),
  )
  return {
    first: parts.flatMap(({ first }) => first),
    last: parts.flatMap(({ last }) => last),
    empty: parts.some(({ empty }) => empty),
    lastFree: parts.flatMap(({ lastFree }) => lastFree),
    emptyFree: parts.some(({ emptyFree }) => emptyFree),
  }
}

function elementPart(element: Element, spots: Spot[]): Part {
  switch (element.type) {
    case 'CharacterClass': {
      const spot: Spot = { characters: element.characters, next: [], completes: false }
      spots.push(spot)
      return { first: [spot], last: [spot], empty: false, lastFree: [spot], emptyFree: false }
    }
    case 'Alternation':
      return partOf(element.alternatives, spots)
    case 'Quantifier':
      return repeated(element, spots)
    case 'Assertion':
      // Looked at for itself: once it holds, nothing within is tried again.
      spots.push(...spotsOf(element.alternatives))
      return ASSERTION
    case 'Unknown':
      return ASSERTION
  }
}

function repeated({ alternatives, min, max }: Quantifier, spots: Spot[]): Part {
  if (max === 0) return NOTHING
  const once = () => partOf(alternatives, spots)
  if (max === Infinity) {
    const body = once()
    connect(body.last, body.first)
    return min === 0 ? optional(body) : body
  }
  const copies = Math.min(max, MOST_COPIES)
  const needed = Math.min(min, max > min ? copies - 1 : copies)
  // a{1,3} is a(a(a)?)?, which says how often in one way only.
  let rest = NOTHING
  for (let n = copies; n > 0; n--) {
    const part = joined(once(), rest)
    rest = n > needed ? optional(part) : part
  }
  return rest
}

const optional = (part: Part): Part => ({ ...part, empty: true, emptyFree: true })

function joined(before: Part, after: Part): Part {
  connect(before.last, after.first)
  return {
    first: before.empty ? [...before.first, ...after.first] : before.first,
    last: after.empty ? [...after.last, ...before.last] : after.last,
    empty: before.empty && after.empty,
    lastFree: after.emptyFree ? [...after.lastFree, ...before.lastFree] : after.lastFree,
    emptyFree: before.emptyFree && after.emptyFree,
  }
}

function connect(from: readonly Spot[], to: readonly Spot[]): void {
  for (const spot of from) spot.next.push(...to)
}

// ---------------------------------------------------------------- which places lie on loops together

/** A number for everything that can be reached: the same for what can be reached from each other (Kosaraju, without recursion). */
function components<T>(starts: readonly T[], next: (node: T) => readonly T[]): Map<T, number> {
  const into = new Map<T, T[]>()
  const order: T[] = []
  const seen = new Set<T>()
  for (const start of starts) {
    const stack: { node: T; left: T[] }[] = []
    const enter = (node: T) => {
      seen.add(node)
      stack.push({ node, left: [...next(node)] })
    }
    if (!seen.has(start)) enter(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = top.left.pop()
      if (to === undefined) {
        order.push(top.node)
        stack.pop()
        continue
      }
      into.set(to, [...(into.get(to) ?? []), top.node])
      if (!seen.has(to)) enter(to)
    }
  }
  const component = new Map<T, number>()
  for (const [number, root] of order.toReversed().entries())
    for (const stack = [root]; stack.length > 0;) {
      const node = stack.pop() as T
      if (component.has(node)) continue
      component.set(node, number)
      stack.push(...(into.get(node) ?? []))
    }
  return component
}
