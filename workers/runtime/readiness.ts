// Whether the process makes progress, check by check: connected is not enough, each partition must move or stand at its end.
import type { Clock } from '../core/clock.ts'
import type { Driver } from '../core/contract.ts'
import type { Check, PipelineStanding } from '../core/telemetry.ts'
import type { Assembled } from './assemble.ts'

/** Who has no part of a source for this long does not wait for others to join any more, milliseconds. */
const JOINING_MS = 30_000

export interface ReadinessParts {
  readonly state: 'new' | 'running' | 'draining' | 'stopped'
  readonly required: readonly (readonly [name: string, driver: Driver])[]
  readonly pipelines: readonly Assembled[]
  readonly clock: Clock
}

export function readiness(parts: ReadinessParts): Check[] {
  const running = parts.state === 'running'
  return [
    { name: 'process', status: running ? 'pass' : 'fail', detail: parts.state },
    ...parts.required.map(([name, driver]): Check => {
      const up = driver.isUp()
      return {
        name: `connection ${name}`,
        status: up ? 'pass' : 'fail',
        detail: up ? 'up' : 'away',
      }
    }),
    ...parts.pipelines.map((assembled) => pipelineCheck(assembled, parts.clock.monotonic())),
  ]
}

function pipelineCheck(assembled: Assembled, now: number): Check {
  const { name, source, quarantine, from } = assembled
  const problem = problemOf(assembled, now)
  const alone = quarantine?.lanes ?? []
  const care = alone.length === 0 ? '' : `; one message at a time on ${alone.join(', ')} (SLU5521)`
  const lanes = source.progress().size
  return {
    name: `pipeline ${name}`,
    status: problem === undefined ? 'pass' : 'fail',
    detail: problem?.detail ?? `${from === 'topic' ? `${lanes} partitions` : 'reads'}${care}`,
  }
}

interface Problem {
  readonly state: Exclude<PipelineStanding['state'], 'runs'>
  readonly detail: string
}

function problemOf(
  { pipeline, source, breakers, from, silenceMs }: Assembled,
  now: number,
): Problem | undefined {
  if (pipeline.guard?.tripped === true)
    return { state: 'paused', detail: 'paused by its guard (SLU5502)' }
  if (breakers.open.length > 0)
    return { state: 'waits', detail: `waits for breaker ${breakers.open.join(', ')} (SLU5504)` }
  const { joined, since } = pipeline.membership
  if (!joined && now - since > JOINING_MS) return { state: 'apart', detail: NOT_READING[from] }
  const stalled = [...source.progress()].filter(
    ([, lane]) => !lane.caughtUp && now - lane.at > silenceMs,
  )
  if (stalled.length === 0) return undefined
  return { state: 'stalled', detail: `no progress on ${stalled.map(([id]) => id).join(', ')}` }
}

/** The same as numbers, for whoever watches. */
export function standings(pipelines: readonly Assembled[], clock: Clock): PipelineStanding[] {
  const now = clock.monotonic()
  return pipelines.map((assembled) => ({
    pipeline: assembled.name,
    state: problemOf(assembled, now)?.state ?? 'runs',
    rebalances: assembled.from === 'topic' ? assembled.pipeline.membership.losses : undefined,
  }))
}

const NOT_READING = {
  topic: 'not a member of its consumer group',
  queue: 'its queue cannot be read',
  jobs: 'its jobs cannot be taken',
  schedule: 'its schedule cannot be followed',
} as const
