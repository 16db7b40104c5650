// The embedded stand-in for a schema registry: numbers for schemas in memory; what it knows ends with the process.
import type { DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { RegistryInspector } from '../../core/facts.ts'
import { Gate } from '../../core/gate.ts'
import type { FoundSchema, RegistryDriver, Subject } from '../../core/registry.ts'
import { createPresence } from './presence.ts'

const TARGET = 'the embedded schema registry'

/** One state for all drivers of a connection. */
export class EmbeddedRegistry {
  readonly gate = new Gate(true)
  private readonly schemas: FoundSchema[] = []
  /** Ids by subject, in the order of their versions. */
  private readonly subjects = new Map<string, number[]>()

  /** For tests and simulation: false takes it away from all drivers, true gives it back with all it knows. */
  setAvailable(available: boolean): void {
    if (available) this.gate.open()
    else this.gate.shut()
  }

  /** The first schema has the id 1. */
  schema(id: number): FoundSchema | undefined {
    return this.schemas[id - 1]
  }

  versions(subject: string): readonly number[] {
    return (this.subjects.get(subject) ?? []).map((_, index) => index + 1)
  }

  idOf(wanted: Subject): number | undefined {
    return this.subjects.get(wanted.subject)?.find((id) => isSame(this.schema(id), wanted))
  }

  /** One schema has one id, under however many subjects. */
  register(wanted: Subject): number {
    const known = this.idOf(wanted)
    if (known !== undefined) return known
    let id = this.schemas.findIndex((schema) => isSame(schema, wanted)) + 1
    if (id === 0) id = this.schemas.push({ kind: wanted.kind, text: wanted.text, refers: false })
    this.subjects.set(wanted.subject, [...(this.subjects.get(wanted.subject) ?? []), id])
    return id
  }
}

const isSame = (schema: FoundSchema | undefined, { kind, text }: Subject): boolean =>
  schema !== undefined && schema.kind === kind && schema.text === text

export function createEmbeddedRegistryDriver(
  registry: EmbeddedRegistry,
  context: DriverContext,
): RegistryDriver {
  const { absence, ...driver } = createPresence(
    'schema registry',
    'SLU1158',
    registry.gate,
    context,
  )
  const answer = <Found>(ask: () => Found): Promise<Found> => {
    const absent = absence()
    return absent === undefined ? Promise.resolve(ask()) : Promise.reject(absent)
  }
  return {
    target: TARGET,
    ...driver,
    schema: (id) => answer(() => registry.schema(id)),
    idOf: (subject) => answer(() => registry.idOf(subject)),
    register: (subject) => answer(() => registry.register(subject)),
    versions: (subject) => answer(() => registry.versions(subject)),
    // Nobody told it to hold versions against each other.
    objections: () => answer(() => []),
  }
}

export const createEmbeddedRegistryInspector = (
  registry: EmbeddedRegistry,
  { origin }: DriverContext,
): RegistryInspector => ({
  target: TARGET,
  // oxlint-disable-next-line require-await -- the port is asynchronous
  async look(wanted) {
    if (!registry.gate.isOpen)
      throw new SluiceError('SLU1158', { message: `${TARGET} is away (${origin})` })
    const schemas = [...wanted].map(([topic, subject]) => ({
      topic,
      subject: subject.subject,
      registered: registry.idOf(subject) !== undefined,
    }))
    return { latencyMs: 0, schemas }
  },
})
