// Exit codes: 0 ok, 1 failed work, 2 usage or invalid configuration, 3 environment, 128+signal; decided from the error's code alone.
import { SluiceError } from '../core/errors.ts'

export const EXIT = { ok: 0, failed: 1, usage: 2, environment: 3 } as const

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof SluiceError)) return EXIT.failed
  const number = Number(error.code.slice(3))
  if (number < 1100) return EXIT.usage
  if (number < 1230) return EXIT.environment
  return EXIT.failed
}

/** One error as a person reads it: code, what, why, and the next thing to do. Never a stack. */
export function errorText(error: unknown): string {
  if (!(error instanceof SluiceError)) return `${String(error)}\n`
  const reasons: string[] = []
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if (!error.message.includes(cause.message)) reasons.push(`  because: ${cause.message}\n`)
  }
  return `${error.code} ${error.message}\n${reasons.join('')}  fix: ${error.fix}\n`
}
