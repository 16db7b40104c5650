// Turns types as TypeScript writes them into words, short enough to be read.

const MAX = 120

/** Cut in the middle of nothing: what is cut says so. */
export const shortened = (text: string, max = MAX): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  true: 'true',
  false: 'false',
  null: 'null',
  undefined: 'undefined',
  unknown: 'of unknown type',
  never: 'nothing at all',
  '{}': 'not undefined',
}

/** "a string", "one of low, high", "a string or undefined", else the type itself. */
export function described(type: string): string {
  const word = WORDS[type]
  if (word !== undefined) return word
  if (/^"[^"]*"$/.test(type)) return type
  const members = membersOf(type)
  if (members.length < 2) {
    if (type.endsWith('[]')) return `a list (${shortened(type, 60)})`
    return shortened(type)
  }
  if (members.every(isLiteral)) return `one of ${shortened(members.map(bare).join(', '), 80)}`
  return shortened(members.map(described).join(' or '))
}

/** Of a union; the type itself when it is none. */
export function membersOf(type: string): string[] {
  const members: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let i = 0; i < type.length; i++) {
    const char = type[i] as string
    if (char === '"' && type[i - 1] !== '\\') quoted = !quoted
    if (quoted) continue
    if ('([{<'.includes(char)) depth++
    else if (')]}'.includes(char) || (char === '>' && type[i - 1] !== '=')) depth--
    else if (char === '|' && depth === 0) {
      members.push(type.slice(from, i).trim())
      from = i + 1
    }
  }
  return [...members, type.slice(from).trim()]
}

export const isLiteral = (type: string): boolean => /^(".*"|-?\d+(\.\d+)?|true|false)$/.test(type)

/** A literal without its quotes. */
export const bare = (type: string): string => type.replace(/^"(.*)"$/, '$1')

/** Types that are one word are names of schemas' parts, worth showing. */
export const isName = (type: string): boolean => /^[A-Z]\w*$/.test(type)
