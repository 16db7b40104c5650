// Judges what `check` said about a mistake: was it refused, at the right line, with the right hint, and was that all.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import type { Mistake } from './corpus.ts'
import { PROJECT, type Answer } from './run.ts'

export interface Verdict {
  readonly mistake: Mistake
  readonly refused: boolean
  /** Of the first diagnostic, as all that follows. */
  readonly rightLine: boolean
  readonly rightHint: boolean
  /** Errors beyond the first. */
  readonly followUps: number
  /** What a reader needs to see why it is a miss. */
  readonly wanted: string
  readonly said: readonly Diagnostic[]
}

export const isCaught = ({ refused, rightLine, rightHint }: Verdict) =>
  refused && rightLine && rightHint

export function judge(mistake: Mistake, { diagnostics, texts }: Answer): Verdict {
  const file = mistake.at ?? mistake.file
  const text = texts.get(file) ?? readFileSync(join(PROJECT, file), 'utf8')
  const line = lineOf(mistake, text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const words = `${first?.message} ${first?.hint}`
  return {
    mistake,
    refused: first !== undefined,
    rightLine: first?.file === file && first.line === line,
    rightHint:
      first !== undefined &&
      (typeof mistake.hint === 'string' ? words.includes(mistake.hint) : mistake.hint.test(words)),
    followUps: Math.max(0, errors.length - 1),
    wanted: `${file}:${line} ${String(mistake.hint)}`,
    said: diagnostics,
  }
}

function lineOf({ what, line, file, from, to, at, also }: Mistake, text: string): number {
  if (typeof line === 'number') return line
  if (line !== undefined) return lineAt(text, uniquely(text, line, what))
  if (at !== undefined || also !== undefined || to === '') throw new Error(`${what}: which line?`)
  const start = readFileSync(join(PROJECT, file), 'utf8').indexOf(from)
  let same = 0
  while (same < to.length && to[same] === from[same]) same += 1
  return lineAt(text, start + same)
}

function uniquely(text: string, part: string, what: string): number {
  const times = text.split(part).length - 1
  if (times !== 1) throw new Error(`${what}: ${times} places like ${JSON.stringify(part)}`)
  return text.indexOf(part)
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length
