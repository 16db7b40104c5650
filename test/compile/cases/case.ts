// One mistake in a project that is right otherwise, and what the compiler must say of it.

export interface Case {
  readonly what: string
  readonly pipeline?: readonly [from: string, to: string]
  readonly fleet?: readonly [from: string, to: string]
  /** Whole other files, by path. */
  readonly files?: Readonly<Record<string, string>>
  readonly expect: string
  readonly hint?: string
  /** It is a warning: the fleet may run. */
  readonly warns?: true
}
