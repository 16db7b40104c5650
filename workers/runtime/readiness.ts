// Whether the process makes progress, check by check: connected is not enough, each partition must move or stand at its end.
import type { Clock } from '../core/clock.ts'
import type { Driver } from '../core/contract.ts'
import type { Check } from '../core/telemetry.ts'
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

function pipelineCheck(
  { name, pipeline, source, breakers, quarantine, from, silenceMs }: Assembled,
  now: number,
): Check {
  const lanes = [...source.progress()]
  const stalled = lanes.filter(([, lane]) => !lane.caughtUp && now - lane.at > silenceMs)
  const { joined, since } = pipeline.membership
  const problem =
    pipeline.guard?.tripped === true
      ? 'paused by its guard (SLU5502)'
      : breakers.open.length > 0
        ? `waits for breaker ${breakers.open.join(', ')} (SLU5504)`
        : !joined && now - since > JOINING_MS
          ? NOT_READING[from]
          : stalled.length > 0
            ? `no progress on ${stalled.map(([id]) => id).join(', ')}`
            : undefined
  const alone = quarantine?.lanes ?? []
  const care = alone.length === 0 ? '' : `; one message at a time on ${alone.join(', ')} (SLU5521)`
  return {
    name: `pipeline ${name}`,
    status: problem === undefined ? 'pass' : 'fail',
    detail: problem ?? `${from === 'topic' ? `${lanes.length} partitions` : 'reads'}${care}`,
  }
}

const NOT_READING = {
  topic: 'not a member of its consumer group',
  queue: 'its queue cannot be read',
  jobs: 'its jobs cannot be taken',
  schedule: 'its schedule cannot be followed',
} as const
