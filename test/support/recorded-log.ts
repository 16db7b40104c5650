// A logger that keeps what it was told, for tests that look at it.
import type { Logger } from '../../workers/core/log.ts'

export interface RecordedLine {
  readonly level: keyof Logger
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

export function recordedLog(): Logger & { readonly lines: readonly RecordedLine[] } {
  const lines: RecordedLine[] = []
  const method = (level: keyof Logger) => (first: object | string, message?: string) => {
    const fields = typeof first === 'string' ? {} : (first as Record<string, unknown>)
    lines.push({ level, fields, message: typeof first === 'string' ? first : (message ?? '') })
  }
  return {
    lines,
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
  }
}
