// One error class over one table of codes. Drivers translate client errors into it at their edge; nothing else leaves a driver.
import { CODES, type Code, type CodeEntry, type FailureClass } from './codes.ts'
import type { Position } from './plan.ts'

export interface ErrorDetails {
  /** What happened, in full: overrides the title of the code. */
  readonly message?: string
  /** Where in the project it was asked for. */
  readonly at?: Position
  readonly cause?: unknown
  /** How long to wait before another attempt, instead of what the policy says; milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/** A fault with a stable code. `failure` and `outage` decide what happens to the message. */
export class SluiceError extends Error {
  readonly code: Code
  readonly at: Position | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: Code, details: ErrorDetails = {}) {
    super(
      details.message ?? CODES[code].title,
      details.cause === undefined ? {} : { cause: details.cause },
    )
    this.name = 'SluiceError'
    this.code = code
    this.at = details.at
    this.retryAfterMs = details.retryAfterMs
  }

  get failure(): FailureClass {
    return (CODES[this.code] as CodeEntry).failure ?? 'transient'
  }

  /** The dependency is away: waiting for it is no attempt. */
  get outage(): boolean {
    return (CODES[this.code] as CodeEntry).outage === true
  }

  get fix(): string {
    return CODES[this.code].fix
  }
}

/** Any thrown thing as an Error, without losing what it said. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  return new Error(typeof thrown === 'string' ? thrown : `thrown: ${safeText(thrown)}`)
}

function safeText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
