// Where a character of an expression stands in its YAML file, whatever way the scalar was written.
import type { Scalar } from 'yaml'
import type { Place } from '../diagnostics.ts'
import type { Path, YamlFile } from '../yaml-file.ts'

/** The place of characters [from, to) of the scalar at `path`. Exact for plain, quoted and literal scalars; the right line for folded ones. */
export function placeIn(file: YamlFile, path: Path, from: number, to: number): Place {
  const scalar = file.scalar(path)
  const range = scalar?.range
  if (scalar === undefined || !range) return file.at(path)
  const value = String(scalar.value)
  const start = sourceOffset(file.text, scalar, range[0], range[1], value, from)
  return file.place(start, Math.max(1, to - from))
}

function sourceOffset(
  text: string,
  scalar: Scalar,
  start: number,
  end: number,
  value: string,
  index: number,
): number {
  switch (scalar.type) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return inBlock(text, start, end, value, index)
    case 'QUOTE_DOUBLE':
    case 'QUOTE_SINGLE':
      return aligned(text, start + 1, end - 1, value, index)
    default:
      return aligned(text, start, end, value, index)
  }
}

/**
 * Walks source and value side by side: a run of white space and line breaks in the source stands for one in the value,
 * an escape for one character.
 */
function aligned(text: string, start: number, end: number, value: string, index: number): number {
  let at = start
  for (let i = 0; i < index && at < end; i++) {
    const wanted = value[i]
    if (text[at] === wanted) {
      at++
      if (wanted === "'" && text[at] === "'") at++
    } else if (text[at] === '\\') at += escapeLength(text, at)
    else if (/\s/.test(text[at] ?? '')) {
      while (at < end && /\s/.test(text[at] ?? '')) at++
      if (!/\s/.test(wanted ?? '')) i--
    } else at++
  }
  while (at < end && /\s/.test(text[at] ?? '') && !/\s/.test(value[index] ?? '')) at++
  return at
}

function escapeLength(text: string, at: number): number {
  const kind = text[at + 1]
  return kind === 'x' ? 4 : kind === 'u' ? 6 : kind === 'U' ? 10 : 2
}

/** The lines below the header, each without the block's indentation. */
function inBlock(text: string, start: number, end: number, value: string, index: number): number {
  const header = text.indexOf('\n', start) + 1
  const lines = text.slice(header, end).split('\n')
  const first = lines.find((line) => line.trim() !== '') ?? ''
  const indent = first.length - first.trimStart().length
  const before = value.slice(0, index)
  // Folding joins lines with blanks: compare without white space, which both have in the same order.
  let left = before.replace(/\s/g, '').length
  let offset = header
  for (const line of lines) {
    for (let column = Math.min(indent, line.length); column < line.length; column++) {
      if (/\s/.test(line[column] ?? '')) continue
      if (left === 0) return offset + column
      left--
    }
    offset += line.length + 1
  }
  return Math.max(start, end - 1)
}
