// Finds patterns that a hostile message can make run for years: repetitions of what is itself a repetition and nothing more.

/** The first such pattern anywhere in a schema. */
export function slowPattern(schema: unknown): string | undefined {
  const stack: unknown[] = [schema]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const { pattern, patternProperties } = next as Record<string, unknown>
    const keys = typeof patternProperties === 'object' ? Object.keys(patternProperties ?? {}) : []
    for (const candidate of [pattern, ...keys])
      if (typeof candidate === 'string' && repeatsRepetition(candidate)) return candidate
    stack.push(...Object.values(next).filter((value) => value !== null))
  }
  return undefined
}

/** What is known of one alternative of a group. */
interface Alternative {
  /** Atoms that must be there and come a fixed number of times: they tell rounds apart. */
  fixed: number
  /** Atoms that must be there and may come any number of times. */
  growing: number
  /** Atoms that may come any number of times, or not at all. */
  vague: number
}

interface Group {
  readonly done: Alternative[]
  current: Alternative
}

const newAlternative = (): Alternative => ({ fixed: 0, growing: 0, vague: 0 })
const newGroup = (): Group => ({ done: [], current: newAlternative() })

/** Where one round ends and the next begins cannot be told: n characters can be shared out in 2ⁿ ways. */
const isAmbiguous = ({ done, current }: Group) =>
  [...done, current].some(
    ({ fixed, growing, vague }) => fixed === 0 && growing <= 1 && growing + vague > 0,
  )

/** The pattern is a valid regular expression. True only for what is exponential beyond doubt. */
export function repeatsRepetition(pattern: string): boolean {
  const groups = [newGroup()]
  for (let i = 0; i < pattern.length;) {
    const char = pattern[i] as string
    const group = groups.at(-1) as Group
    if (char === '(') {
      groups.push(newGroup())
      i += /^\((?:\?(?:<?[=!]|:|<[^>]*>))?/.exec(pattern.slice(i))?.[0].length ?? 1
      continue
    }
    if (char === '|') {
      group.done.push(group.current)
      group.current = newAlternative()
      i++
      continue
    }
    const closed = char === ')' ? groups.pop() : undefined
    i += closed === undefined ? atomLength(pattern, i) : 1
    const [quantifier = ''] = /^(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??/.exec(pattern.slice(i)) ?? []
    i += quantifier.length
    const endless = /^(?:[*+]|\{[0-9]+,\})/.test(quantifier)
    if (endless && closed !== undefined && isAmbiguous(closed)) return true
    count(groups.at(-1) ?? newGroup(), char, quantifier, endless, closed)
  }
  return false
}

function count(
  group: Group,
  char: string,
  quantifier: string,
  endless: boolean,
  closed: Group | undefined,
): void {
  const { current } = group
  if (char === '^' || char === '$') return
  const optional = /^(?:[*?]|\{0[,}])/.test(quantifier)
  // Brackets alone change nothing: ((a+))+ is (a+)+.
  const inner = quantifier === '' && closed !== undefined && isAmbiguous(closed)
  if (!endless && !inner) current.fixed += optional ? 0 : 1
  else if (optional) current.vague++
  else current.growing++
}

/** Of one character, escape or class. */
function atomLength(pattern: string, from: number): number {
  const rest = pattern.slice(from)
  const escape = /^\\(?:[pP]\{[^}]*\}|k<[^>]*>|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/su
  const found = escape.exec(rest) ?? /^\[(?:\\.|[^\]\\])*\]/su.exec(rest)
  return found?.[0].length ?? 1
}
