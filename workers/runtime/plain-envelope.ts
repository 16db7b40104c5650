// The identity of a message that is no CloudEvent: from paths of its JSON, else from what its source knows of it.
import { isoTime } from '../core/clock.ts'
import type { Envelope } from '../core/message.ts'
import type { EnvelopePaths } from '../core/plan.ts'

/** What holds where the paths give nothing. */
export interface Fallback {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly key: string | null
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

/** The time is put into words only for those who ask. */
export class PlainEnvelope implements Envelope {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly key: string | null
  readonly data: unknown
  declare readonly subject: string
  private readonly clockText: string | undefined
  private readonly timestamp: number

  constructor(paths: EnvelopePaths, fallback: Fallback, data: unknown) {
    this.id = textAt(data, paths.id) ?? fallback.id
    this.type = textAt(data, paths.type) ?? fallback.type
    this.source = fallback.source
    this.key = fallback.key
    this.data = data
    this.clockText = textAt(data, paths.time)
    this.timestamp = fallback.timestamp
    const subject = textAt(data, paths.subject)
    if (subject !== undefined) this.subject = subject
  }

  get time(): string {
    return this.clockText ?? isoTime(this.timestamp)
  }
}

/** Undefined where the path leads to no text and no number. */
export function textAt(data: unknown, path: readonly string[] | undefined): string | undefined {
  if (path === undefined) return undefined
  let value: unknown = data
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  // Nobody is known by an empty name.
  return text === '' ? undefined : text
}
