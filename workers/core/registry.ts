// The port of a schema registry: what a number in front of a value stands for, and under which number a schema is known there.
import type { Driver } from './contract.ts'

/** What a schema is written in, as registries call it; there may be others. */
export type SchemaKind = 'JSON' | 'AVRO'

/** A schema as somebody registered it. */
export interface FoundSchema {
  readonly kind: string
  readonly text: string
  /** It names schemas that stand elsewhere. */
  readonly refers: boolean
}

/** A schema of ours under the name that a registry knows it by. */
export interface Subject {
  readonly subject: string
  readonly kind: SchemaKind
  readonly text: string
}

/**
 * All of it is bounded, and rejects with an outage while the registry is away or has nothing sensible to say: nothing of that is the
 * fault of a message.
 */
export interface RegistryDriver extends Driver {
  /** Which registry it is, for people; never a secret. */
  readonly target: string
  /** Undefined: there is none with that id, and never was. */
  schema(id: number): Promise<FoundSchema | undefined>
  /** The id of exactly that schema under that subject; undefined when it is not registered there. */
  idOf(subject: Subject): Promise<number | undefined>
  /** Its id; idempotent. Rejects with SLU0386 when the registry refuses the schema. */
  register(subject: Subject): Promise<number>
  /** Numbers of the versions of a subject, ascending; none: there is no such subject. */
  versions(subject: string): Promise<readonly number[]>
  /** Why the registry would refuse it as the next version; none: it would not. */
  objections(subject: Subject): Promise<readonly string[]>
}
