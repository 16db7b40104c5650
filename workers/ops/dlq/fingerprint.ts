// Groups letters that failed for one reason: the same code, pipeline and step, the same words without the values in them, the same place in the code.
import { createHash } from 'node:crypto'
import type { Letter } from './letter.ts'

export function fingerprint(letter: Letter): string {
  const { code, pipeline, step, reason, stack } = letter
  const parts = [code, letter.class, pipeline, step ?? '', withoutValues(reason), top(stack)]
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 8)
}

/** What differs from one message to the next says nothing about the fault. */
export const withoutValues = (reason: string): string =>
  reason
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '…')
    .replace(/\b[a-z0-9_.-]*\d[a-z0-9_.-]*\b/gi, '…')

/** The first frame of a stack, without line and column: a handler that grew a comment fails as before. */
function top(stack: string | undefined): string {
  const frame = stack?.split('\n').find((line) => /^\s*at /.test(line)) ?? ''
  return frame
    .trim()
    .replace(/(?::\d+){1,2}\)?$/, '')
    .replace(/^at (?:async )?/, '')
}
