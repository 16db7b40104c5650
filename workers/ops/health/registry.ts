// Judges a schema registry: whether it answers, and whether it knows the schemas of the fleet's topics. What is known goes on without it.
import { asError, SluiceError } from '../../core/errors.ts'
import type { RegistryFacts, RegistryInspector, WantedSchemas } from '../../core/facts.ts'
import { fine, wrong, type HealthCheck } from './health.ts'

/** What Kafka's health tells of the registry beside it. */
export interface RegistryLook {
  readonly target: string
  /** Null: there was no answer. */
  readonly facts: RegistryFacts | null
  readonly problem: SluiceError | undefined
}

/** Never rejects. Undefined: there is no registry, and nothing needs one. */
export async function lookAtRegistry(
  inspector: RegistryInspector | undefined,
  wanted: WantedSchemas,
  withinMs: number,
): Promise<RegistryLook | undefined> {
  if (inspector === undefined) {
    if (wanted.size === 0) return undefined
    return { target: '', facts: null, problem: new SluiceError('SLU1161') }
  }
  const { target } = inspector
  try {
    return { target, facts: await inspector.look(wanted, withinMs), problem: undefined }
  } catch (thrown) {
    const problem =
      thrown instanceof SluiceError
        ? thrown
        : new SluiceError('SLU1160', { message: asError(thrown).message, cause: thrown })
    return { target, facts: null, problem }
  }
}

export function registryChecks(look: RegistryLook | undefined): HealthCheck[] {
  if (look === undefined) return []
  const { target, facts, problem } = look
  if (facts === null) {
    const { code, message } = problem ?? new SluiceError('SLU1158')
    return [wrong('registry', code === 'SLU1161' ? 'fail' : 'warn', code, message)]
  }
  const missing = facts.schemas.filter(({ registered }) => !registered)
  return [
    fine(
      'registry',
      `${target} answers, ${Math.ceil(facts.latencyMs)} ms; ${facts.schemas.length - missing.length} of ${facts.schemas.length} schemas are registered`,
    ),
    ...missing.map(({ topic, subject }) => ({
      ...wrong(`schema of ${topic}`, 'warn', 'SLU1203', `it is no version of subject ${subject}`),
    })),
  ]
}
