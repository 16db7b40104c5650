// A TypeScript text in which each piece taken from YAML can be found again by its line and column.
import type { Path } from '../yaml-file.ts'

/** What an expression, or a name, is for. */
export type Slot =
  | { readonly kind: 'when' }
  /** Of any type. */
  | { readonly kind: 'value' }
  | { readonly kind: 'cacheKey' }
  | { readonly kind: 'cacheTags' }
  | { readonly kind: 'cacheTag' }
  | { readonly kind: 'eventKey' }
  | { readonly kind: 'routingKey' }
  | { readonly kind: 'jobId' }
  | { readonly kind: 'storeKey' }
  | { readonly kind: 'storeVersion' }
  | { readonly kind: 'dedupeKey' }
  /** Of a window: what is counted together, when it happened, and what is measured. */
  | { readonly kind: 'windowGroup' }
  | { readonly kind: 'windowTime' }
  | { readonly kind: 'measure' }
  /** Of a split: the list, and what tells its items apart. */
  | { readonly kind: 'over' }
  | { readonly kind: 'itemId' }
  | { readonly kind: 'input'; readonly handler: string }
  | {
      readonly kind: 'body'
      readonly to: 'queue' | 'exchange' | 'topic' | 'jobs' | 'store' | 'answer'
      readonly name: string
      readonly schema: string
    }
  /** What no branch of a route takes: must be nothing. */
  | { readonly kind: 'rest'; readonly route: string; readonly text: string }
  | { readonly kind: 'handler'; readonly handler: string }
  | {
      readonly kind: 'result'
      readonly handler: string
      readonly cache: string
      readonly schema: string
    }

export interface Piece {
  readonly slot: Slot
  readonly path: Path
  /** Undefined for what stands for a name: then its place is that of the whole scalar. */
  readonly text: string | undefined
  /** The index of its step; undefined for the pipeline's own. */
  readonly step: number | undefined
}

export interface Spot {
  readonly piece: Piece
  /** Character of the piece's text. */
  readonly offset: number
}

/** What ends a line for TypeScript. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g

export class Sheet {
  private readonly parts: string[] = []
  private readonly pieces: { readonly from: number; readonly to: number; readonly piece: Piece }[] =
    []
  private lines = 0

  /** One line of our own. */
  line(text: string): void {
    this.parts.push(text)
    this.lines++
  }

  /** A line of our own that speaks for a name in YAML. */
  named(text: string, piece: Piece): void {
    this.pieces.push({ from: this.lines, to: this.lines, piece })
    this.line(text)
  }

  /** An expression on lines of its own; `text` has each character of the piece at its place, or another for it. */
  expression(piece: Piece & { readonly text: string }, text: string = piece.text): void {
    const count = lineStarts(piece.text).length
    this.pieces.push({ from: this.lines, to: this.lines + count - 1, piece })
    this.parts.push(text)
    this.lines += count
  }

  get text(): string {
    return `${this.parts.join('\n')}\n`
  }

  /** Line and column as `tsc` counts them, from 1. */
  find(line: number, column: number): Spot | undefined {
    const at = line - 1
    const found = this.pieces.find(({ from, to }) => from <= at && at <= to)
    if (found === undefined) return undefined
    const start = lineStarts(found.piece.text ?? '')[at - found.from] ?? 0
    return { piece: found.piece, offset: start + column - 1 }
  }
}

const lineStarts = (text: string): number[] => [
  0,
  ...[...text.matchAll(LINE_END)].map(({ index, 0: end }) => index + end.length),
]
