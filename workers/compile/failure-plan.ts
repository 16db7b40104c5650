// Plans what happens to messages that fail: attempts, and the topics that take the dead letters.
import type { FailurePlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import { known } from './names.ts'
import { mapOf, type Raw } from './raw.ts'
import { milliseconds } from './units.ts'
import type { YamlFile } from './yaml-file.ts'

export function planFailure(
  file: YamlFile,
  raw: Raw,
  source: string,
  fleet: Fleet,
  out: Diagnostics,
): FailurePlan {
  const letter = (cls: string) => {
    const written = mapOf(raw[cls])['deadLetter']
    checkLetters(file, ['failure', cls, 'deadLetter'], written, source, fleet, out)
    return { deadLetter: String(written) }
  }
  const retry = mapOf(mapOf(raw['transient'])['retry'])
  const guard = mapOf(raw['guard'])
  return {
    invalid: letter('invalid'),
    transient: {
      retry: {
        attempts: Number(retry['attempts']),
        firstMs: milliseconds(retry['first']),
        maxMs: milliseconds(retry['max']),
        jitter: retry['jitter'] as 'full' | 'none',
      },
      ...letter('transient'),
    },
    defect: letter('defect'),
    guard:
      raw['guard'] === undefined
        ? undefined
        : { of: Number(guard['of']), tolerate: Number(guard['tolerate']) },
  }
}

function checkLetters(
  file: YamlFile,
  path: readonly string[],
  topic: unknown,
  source: string,
  fleet: Fleet,
  out: Diagnostics,
): void {
  if (!known(file, path, 'topic', topic, fleet.declared?.topics, 'SLU0302', out)) return
  const plan = topicOf(fleet, topic)
  if (topic === source) {
    const message = 'the dead letters go to the source itself'
    out.error('SLU0310', file.at(path), message, 'name another topic')
  } else if (plan?.deadLetters === false) {
    const hint = 'add `deadLetters: true` to it in pipelines/fleet.yaml, or name another topic'
    out.error('SLU0310', file.at(path), `topic "${topic}" is not for dead letters`, hint)
  }
}
