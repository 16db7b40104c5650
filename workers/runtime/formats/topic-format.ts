// The values of one topic whose schemas stand in a registry: read with the schema that each names, written with ours.
import type { Clock } from '../../core/clock.ts'
import type { Sink } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { RegistryDriver, Subject } from '../../core/registry.ts'
import { invalid } from '../invalid.ts'
import { KnownIds } from './known-ids.ts'
import type { Payload, ReadPayload } from './payload.ts'
import { framed, schemaIdOf, unframed } from './wire-format.ts'

export interface TopicFormat {
  readonly registry: RegistryDriver
  readonly subject: Subject
  /** Undefined: `decode` has all it needs. Rejects with an outage while the registry cannot be asked. */
  learn(value: Uint8Array): Promise<void> | undefined
  /** After `learn`. Throws errors of class invalid alone. */
  decode(value: Uint8Array, maxBytes: number): unknown
  /** `json`: data that fits the topic's schema. Rejects with SLU1162 where that schema is not registered. */
  encode(json: Uint8Array): Promise<Uint8Array>
  /** From then on `encode` needs nobody. Registers the schema of a subject that has none yet, if it may. */
  prepare(mayRegister: boolean): Promise<void>
  /** Registers the schema of a subject that has none yet; is content with any that it has. */
  begin(): Promise<void>
}

export function createTopicFormat(
  name: string,
  subject: Subject,
  payload: Payload,
  registry: RegistryDriver,
  clock: Clock,
): TopicFormat {
  const ids = new KnownIds<ReadPayload>(clock, async (id) => {
    const found = await registry.schema(id)
    if (found === undefined)
      throw invalid('SLU5012', `the registry of topic ${name} has no schema with the id ${id}`)
    return payload.reader(found, id)
  })
  let own: Promise<number> | undefined
  /** Asked again after a failure, and never after it succeeded. */
  const ownId = (mayRegister: boolean): Promise<number> => {
    own ??= findOwn(name, subject, registry, mayRegister).catch((error: unknown) => {
      own = undefined
      throw error
    })
    return own
  }
  return {
    registry,
    subject,
    learn(value) {
      try {
        return ids.learn(schemaIdOf(value))
      } catch {
        // What has no id needs nobody: `decode` says so.
        return undefined
      }
    },
    decode(value, maxBytes) {
      if (value.length > maxBytes)
        throw invalid('SLU5005', `the value has ${value.length} bytes, ${maxBytes} are allowed`)
      return ids.get(schemaIdOf(value))(unframed(value), maxBytes)
    },
    encode: async (json) => framed(await ownId(false), payload.write(json)),
    async prepare(mayRegister) {
      await ownId(mayRegister)
    },
    async begin() {
      if ((await registry.versions(subject.subject)).length === 0) await ownId(true)
    },
  }
}

async function findOwn(
  name: string,
  subject: Subject,
  registry: RegistryDriver,
  mayRegister: boolean,
): Promise<number> {
  const known = await registry.idOf(subject)
  if (known !== undefined) return known
  const versions = await registry.versions(subject.subject)
  if (mayRegister && versions.length === 0) return registry.register(subject)
  const why =
    versions.length === 0
      ? 'there is no such subject'
      : `it has ${versions.length === 1 ? 'another version' : `${versions.length} others`}`
  throw new SluiceError('SLU1162', {
    message: `the schema of topic ${name} is no version of subject ${subject.subject}: ${why}`,
  })
}

/** Tombstones stay what they are. Without a format it is the sink itself. */
export const encodingSink = (sink: Sink, format: TopicFormat | undefined): Sink =>
  format === undefined
    ? sink
    : {
        async send(message) {
          const { value, verbatim } = message
          const asIs = value === null || verbatim === true
          await sink.send(asIs ? message : { ...message, value: await format.encode(value) })
        },
      }
