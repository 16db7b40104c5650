// Reads OTEL_* variables: text, numbers, pairs, files. Complains in the log by the variable's name, and never throws.
import { readFileSync } from 'node:fs'
import type { Logger } from '../core/log.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** Reads variables as the specification asks: an empty one is as unset. Values never reach the log: they may be secrets. */
export class EnvReader {
  private readonly env: Env
  private readonly log: Logger

  constructor(env: Env, log: Logger) {
    this.env = env
    this.log = log
  }

  text(name: string): string | undefined {
    return this.env[name]?.trim() || undefined
  }

  /** The variable for traces, else the one for all signals. */
  signal(name: string): string | undefined {
    return this.text(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? this.text(`OTEL_EXPORTER_OTLP_${name}`)
  }

  /** What the file named by the variable holds, as `{ [as]: bytes }`. */
  file(as: string, name: string): Record<string, Buffer> {
    const path = this.signal(name)
    if (path === undefined) return {}
    try {
      return { [as]: readFileSync(path) }
    } catch {
      this.complain(`OTEL_EXPORTER_OTLP_${name}`, 'names a file that cannot be read')
      return {}
    }
  }

  count(name: string, otherwise: number, least = 0): number {
    const text = this.text(name)
    if (text === undefined) return otherwise
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= least && value <= 2 ** 31 - 1) return value
    this.complain(name, `is no whole number from ${least}; ${otherwise} is used`)
    return otherwise
  }

  /** `key=value,key=value`, both percent-encoded. */
  pairs(name: string): Record<string, string> {
    const pairs: Record<string, string> = {}
    for (const part of (this.text(name) ?? '').split(',')) {
      if (part.trim() === '') continue
      const at = part.indexOf('=')
      const key = at < 1 ? undefined : decoded(part.slice(0, at))
      const value = decoded(part.slice(at + 1))
      if (key === undefined || key === '' || value === undefined || key === '__proto__')
        this.complain(name, 'holds a part that is not key=value; the part is left out')
      else pairs[key] = value
    }
    return pairs
  }

  complain(name: string, what: string): void {
    this.log.warn({ variable: name }, `${name} ${what}.`)
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim())
  } catch {
    return undefined
  }
}
