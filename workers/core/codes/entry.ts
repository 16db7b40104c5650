// What the table of codes says of each.

/**
 * How a failed message is treated (design: failure classes).
 * invalid: the message itself is bad, never retried. transient: worth another attempt. defect: pipeline or handler is wrong, never retried.
 */
export type FailureClass = 'invalid' | 'transient' | 'defect'

export interface CodeEntry {
  /** One line, lower case, no full stop. */
  readonly title: string
  /** What to do about it; a sentence. */
  readonly fix: string
  readonly failure?: FailureClass
  /** The dependency is away: it is no attempt, the message waits for the connection. */
  readonly outage?: true
}
