// What waits: how far each group is behind on its topic, how deep each queue is, how many jobs wait. Looking changes nothing.
import { asError, SluiceError } from '../core/errors.ts'
import type { GroupFacts, JobFacts, QueueFacts } from '../core/facts.ts'
import type { Probe, Seen } from './health/probe.ts'

type On<T> = T & { readonly connection: string }

export interface Lag {
  readonly version: 1
  readonly fleet: string
  readonly groups: readonly On<GroupFacts>[]
  /** Those that are there. */
  readonly queues: readonly On<QueueFacts>[]
  readonly jobs: readonly On<JobFacts>[]
  /** Connections that did not answer: what waits there is not known. */
  readonly away: readonly {
    readonly connection: string
    readonly code: string
    readonly message: string
    readonly next: string
  }[]
}

/** Never rejects. */
export async function lagOf(fleet: string, probes: readonly Probe[]): Promise<Lag> {
  const looks = await Promise.all(
    probes.map(async (probe) => {
      const connection = probe.connection.name
      try {
        const seen = await probe.look()
        return { connection, seen, error: seen.kind === 'redis' ? seen.uncounted : undefined }
      } catch (thrown) {
        return { connection, error: errorOf(thrown) }
      }
    }),
  )
  const all = <T>(pick: (seen: Seen) => readonly T[]): On<T>[] =>
    looks.flatMap(({ connection, seen }) =>
      seen === undefined ? [] : pick(seen).map((one) => ({ connection, ...one })),
    )
  return {
    version: 1,
    fleet,
    groups: all((seen) => (seen.kind === 'kafka' ? seen.facts.groups : [])),
    queues: all((seen) =>
      seen.kind === 'rabbitmq' ? seen.facts.queues.filter(({ there }) => there) : [],
    ),
    jobs: all((seen) => (seen.kind === 'redis' ? seen.facts.jobs : [])),
    away: looks.flatMap(({ connection, error }) =>
      error === undefined
        ? []
        : [{ connection, code: error.code, message: error.message, next: error.fix }],
    ),
  }
}

const errorOf = (thrown: unknown): SluiceError =>
  thrown instanceof SluiceError
    ? thrown
    : new SluiceError('SLU1184', { message: asError(thrown).message, cause: thrown })
