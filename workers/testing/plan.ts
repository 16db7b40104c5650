// What a file of pipeline tests says, after checking: plain data with the place of everything that can turn out wrong.
import type { Place } from '../compile/diagnostics.ts'
import type { Pattern } from './matchers.ts'

export interface TestFile {
  /** As the user would type it. */
  readonly file: string
  readonly pipeline: string
  readonly cases: readonly TestCase[]
}

export interface TestCase {
  readonly name: string
  readonly at: Place
  readonly given: Given
  readonly expect: Expectations
}

export interface Given {
  readonly events: readonly GivenEvent[]
  readonly scripts: Scripts
  /** Outcomes by queue that is asked: of a request's first attempt, its second …; the last one goes for all that follow. */
  readonly answers: Scripts
  readonly caches: Readonly<Record<string, readonly CacheEntry[]>>
  readonly faults: readonly Fault[]
}

/** A message for the source of the pipeline. */
export interface GivenEvent {
  readonly at: Place
  /** Undefined: one of its own. Of queues only. */
  readonly id: string | undefined
  /** It waits for an answer. */
  readonly asks: boolean
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  /** Null: a tombstone. */
  readonly bytes: Uint8Array | null
  /** As they stand, whatever the values of the source are written in. */
  readonly verbatim?: true
  readonly afterMs: number
  readonly scripts: Scripts
}

/** Outcomes by handler: of a message's first call, its second …; the last one goes for all that follow. */
export type Scripts = Readonly<Record<string, readonly Outcome[]>>

export type Outcome =
  | { readonly kind: 'return'; readonly value: unknown }
  | {
      readonly kind: 'throw'
      readonly message: string
      readonly permanent: boolean
      /** As the handler asks for it; undefined: as the policy says. */
      readonly retryAfterMs: number | undefined
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'real' }

export interface CacheEntry {
  readonly key: unknown
  readonly value: unknown
}

export interface Fault {
  readonly connection: string
  readonly fromMs: number
  readonly forMs: number
}

/** What kinds of things arrive somewhere. */
export const SECTIONS = [
  'events',
  'commands',
  'jobs',
  'replies',
  'stores',
  'caches',
  'forgotten',
  'deadLetters',
] as const
export type Section = (typeof SECTIONS)[number]

export interface ExpectedField {
  /** Of what was seen: `key`, `value`, `code` … */
  readonly name: string
  readonly pattern: Pattern
  /** True: fields of maps that are not written may be there. */
  readonly part: boolean
  /** Of a part of the pattern, by its path. */
  at(path: readonly (string | number)[]): Place
}

export interface Expected {
  readonly at: Place
  readonly fields: readonly ExpectedField[]
}

export interface Destination {
  readonly section: Section
  readonly name: string
  readonly at: Place
  readonly expected: readonly Expected[]
}

export interface ExpectedNumber {
  readonly name: string
  readonly value: number
  readonly at: Place
}

export interface Expectations {
  readonly at: Place
  readonly destinations: readonly Destination[]
  readonly counts: readonly ExpectedNumber[]
  readonly calls: readonly ExpectedNumber[]
  readonly breakers: readonly ExpectedNumber[]
  /** By partition; undefined: every given message. */
  readonly commits:
    { readonly at: Place; readonly partitions: readonly ExpectedNumber[] } | undefined
  readonly paused: boolean
  /** False: only as far as nobody looks. */
  readonly ordered: boolean
  readonly othersAllowed: boolean
}
