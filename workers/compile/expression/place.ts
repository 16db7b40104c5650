// Where a character of an expression stands in its YAML file, whatever way the scalar was written.
import type { Place } from '../diagnostics.ts'
import type { Path, YamlFile } from '../yaml-file.ts'

/** The place of characters [from, to) of the scalar at `path`; exact where they begin and end with no white space. */
export function placeIn(file: YamlFile, path: Path, from: number, to: number): Place {
  const scalar = file.scalar(path)
  const range = scalar?.range
  if (scalar === undefined || !range) return file.at(path)
  const value = String(scalar.value)
  const [begin, end] = range
  const source = file.text.slice(begin, end)
  const offsets = VISIBLE[scalar.type ?? 'PLAIN']?.(source) ?? visible(source, 0)
  const first = countVisible(value.slice(0, from))
  const last = countVisible(value.slice(0, to)) - 1
  const start = offsets[first] ?? lastOf(offsets, source)
  const stop = last < first ? start : (offsets[last] ?? lastOf(offsets, source))
  return file.place(begin + start, stop - start + 1)
}

/**
 * Whatever folding and indentation do to white space, the other characters stay, one for one and in order: counting
 * them finds each in the source.
 */
const VISIBLE: Readonly<Record<string, (source: string) => number[]>> = {
  PLAIN: (source) => visible(source, 0),
  QUOTE_SINGLE: (source) => singleQuoted(source),
  QUOTE_DOUBLE: (source) => doubleQuoted(source),
  BLOCK_LITERAL: (source) => visible(source, source.indexOf('\n') + 1),
  BLOCK_FOLDED: (source) => visible(source, source.indexOf('\n') + 1),
}

const isSpace = (char: string) => /\s/.test(char)

function countVisible(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) if (!isSpace(text[i] as string)) count++
  return count
}

function visible(source: string, from: number): number[] {
  const offsets: number[] = []
  for (let i = from; i < source.length; i++) if (!isSpace(source[i] as string)) offsets.push(i)
  return offsets
}

function singleQuoted(source: string): number[] {
  const offsets: number[] = []
  for (let i = 1; i < source.length - 1; i++) {
    const char = source[i] as string
    if (isSpace(char)) continue
    offsets.push(i)
    if (char === "'") i++
  }
  return offsets
}

/** Letters of escapes that stand for white space; `\u0085` is none for JavaScript. */
const SPACES: ReadonlySet<string> = new Set(['t', '\t', 'n', 'v', 'f', 'r', ' ', '_', 'L', 'P'])
const HEX: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function doubleQuoted(source: string): number[] {
  const offsets: number[] = []
  for (let i = 1; i < source.length - 1; i++) {
    const char = source[i] as string
    if (char !== '\\') {
      if (!isSpace(char)) offsets.push(i)
      continue
    }
    const letter = source[i + 1] as string
    const digits = HEX[letter] ?? 0
    const decoded = digits === 0 ? '' : source.slice(i + 2, i + 2 + digits)
    const text = decoded === '' ? '' : String.fromCodePoint(parseInt(decoded, 16))
    const hidden = digits === 0 ? SPACES.has(letter) || isSpace(letter) : isSpace(text)
    // One above U+FFFF is two of JavaScript's.
    if (!hidden) for (let unit = 0; unit < Math.max(1, text.length); unit++) offsets.push(i)
    i += 1 + digits
  }
  return offsets
}

const lastOf = (offsets: readonly number[], source: string) =>
  offsets.at(-1) ?? Math.max(0, source.length - 1)
