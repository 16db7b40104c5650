// Plans what happens to messages that fail: attempts, and the topics that take the dead letters.
import type { FromPlan } from '../core/plan.ts'
import type { FailurePlan, RetryPlan } from '../core/plan-policies.ts'
import type { Diagnostics } from './diagnostics.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import type { FAILURE } from './grammar/failure.ts'
import type { Written } from './grammar/parts.ts'
import { known } from './names.ts'
import { planRetry } from './retry-plan.ts'
import { mapOf } from './raw.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Failure = Written<typeof FAILURE>

export function planFailure(
  file: YamlFile,
  { invalid, transient, defect, guard }: Failure,
  source: FromPlan,
  fleet: Fleet,
  out: Diagnostics,
): FailurePlan {
  const letter = (cls: string, topic: string) => {
    checkLetters(file, ['failure', cls, 'deadLetter'], topic, source, fleet, out)
    return { deadLetter: topic }
  }
  return {
    invalid: letter('invalid', invalid.deadLetter),
    transient: {
      retry: retryOf(file, transient, fleet, out),
      ...letter('transient', transient.deadLetter),
    },
    defect: letter('defect', defect.deadLetter),
    guard: guard && { of: guard.of, tolerate: guard.tolerate, counts: guard.counts },
  }
}

/** Of a retry that is neither written nor named; what was written is refused by then. */
const NONE: RetryPlan = { attempts: 1, firstMs: 0, maxMs: 0, jitter: 'none', park: undefined }

function retryOf(
  file: YamlFile,
  { retry, policy }: Failure['transient'],
  fleet: Fleet,
  out: Diagnostics,
): RetryPlan {
  const path = ['failure', 'transient']
  if (retry !== undefined && policy !== undefined)
    out.error(
      'SLU0212',
      file.key([...path, 'policy']),
      'both "retry" and "policy" are written',
      'write the waits here, or name a policy of pipelines/fleet.yaml',
    )
  else if (retry === undefined && policy === undefined && isWritten(file, path))
    out.error(
      'SLU0212',
      file.key(path),
      'neither "retry" nor "policy" is written',
      'add retry: { attempts: 5, first: 200ms, max: 30s, jitter: full }',
    )
  if (retry !== undefined) return planRetry(retry)
  const names = fleet.declared?.policies
  if (!known(file, [...path, 'policy'], 'retry policy', policy, names, 'SLU0319', out)) return NONE
  return fleet.retryPolicies[policy] ?? NONE
}

/** Of a section that is missing the grammar has spoken. */
const isWritten = ({ value }: YamlFile, path: Path) =>
  path.reduce<unknown>((at, part) => mapOf(at)[part], value) !== undefined

function checkLetters(
  file: YamlFile,
  path: readonly string[],
  topic: unknown,
  source: FromPlan,
  fleet: Fleet,
  out: Diagnostics,
): void {
  const { declared } = fleet
  // A job that failed may stay where it is.
  if (source.kind === 'jobs' && topic === source.jobs) return
  const names = declared && [...new Set([...declared.topics, ...declared.queues])]
  const failed = 'a queue of jobs: only what does its jobs leaves its dead letters there'
  const others = new Map((declared?.jobs ?? []).map((name) => [name, failed]))
  if (!known(file, path, 'topic or stream', topic, names, 'SLU0302', out, others)) return
  const plan = topicOf(fleet, topic)
  const queue = Object.hasOwn(fleet.queues, topic) ? fleet.queues[topic] : undefined
  if (source.kind === 'topic' && topic === source.topic) {
    const message = 'the dead letters go to the source itself'
    out.error('SLU0310', file.at(path), message, 'name another topic')
  } else if (plan === undefined && queue?.deadLetters === false) {
    const hint = 'name a stream with `deadLetters: true`, or a topic with it'
    out.error('SLU0310', file.at(path), `queue "${topic}" is not for dead letters`, hint)
  } else if (plan?.deadLetters === false && queue?.deadLetters !== true) {
    const hint = 'add `deadLetters: true` to it in pipelines/fleet.yaml, or name another topic'
    out.error('SLU0310', file.at(path), `topic "${topic}" is not for dead letters`, hint)
  }
}
