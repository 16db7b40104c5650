// One mistake in a pipeline that is right otherwise, marked with « and » at what should be underlined.

export interface TypeCase {
  readonly what: string
  readonly edits: readonly (readonly [from: string, to: string])[]
  readonly code: string
  /** Each must be part of the message or of the hint. */
  readonly says: readonly string[]
}
