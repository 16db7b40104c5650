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
export const membersOf = (type: string): string[] => split(type, '|')

/** At a character that stands in no bracket and no text. */
function split(type: string, by: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let i = 0; i < type.length; i++) {
    const char = type[i] as string
    if (char === '"' && type[i - 1] !== '\\') quoted = !quoted
    if (quoted) continue
    if ('([{<'.includes(char)) depth++
    else if (')]}'.includes(char) || (char === '>' && type[i - 1] !== '=')) depth--
    else if (char === by && depth === 0) {
      parts.push(type.slice(from, i).trim())
      from = i + 1
    }
  }
  return [...parts, type.slice(from).trim()].filter((part) => part !== '')
}

export const isLiteral = (type: string): boolean =>
  /^("(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?|true|false)$/.test(type)

/** A literal without its quotes. */
export const bare = (type: string): string => type.replace(/^"(.*)"$/, '$1')

/** Types that are one word are names of schemas' parts, worth showing. */
export const isName = (type: string): boolean => /^[A-Z]\w*$/.test(type)

/** Of two lists of objects: the first field in which they differ. */
export function differingField(
  from: string,
  to: string,
): { readonly name: string; readonly from: string; readonly to: string } | undefined {
  const [a, b] = [fieldsOf(from), fieldsOf(to)]
  for (const [name, type] of b ?? []) {
    const own = a?.get(name)
    if (own !== undefined && own !== type) return { name, from: own, to: type }
  }
  return undefined
}

/** Of `{ a: string; b?: number; }[]`. */
function fieldsOf(type: string): Map<string, string> | undefined {
  const inner = /^\(?\{ (.*) \}\)?\[\]$/.exec(type)?.[1]
  if (inner === undefined) return undefined
  const fields = split(inner, ';').map((field) => /^(\w+)\??: (.+)$/.exec(field))
  return new Map(
    fields.flatMap((field) => (field === null ? [] : [[field[1] ?? '', field[2] ?? '']])),
  )
}
