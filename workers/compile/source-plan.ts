// Plans where the messages of a pipeline come from; a source is declared, and has a schema.
import type { FromPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import { fill } from './grammar/fill.ts'
import { SOURCES, type SourceKind } from './grammar/sources.ts'
import { known } from './names.ts'
import { textOf } from './raw.ts'
import { planScheduleSource } from './schedule-plan.ts'
import { sourceKindOf } from './source-shape.ts'
import { bytes } from './units.ts'
import type { YamlFile } from './yaml-file.ts'

/** Of what is not written as it should be, a topic that is not there. */
export function planSource(
  file: YamlFile,
  raw: unknown,
  pipeline: string,
  fleet: Fleet,
  out: Diagnostics,
): FromPlan {
  const kind = (sourceKindOf(raw) ?? 'topic') as SourceKind
  switch (kind) {
    case 'topic': {
      const { topic, group, start, maxBytes } = fill(SOURCES.topic, raw)
      checkTopic(file, topic, fleet, out)
      return { kind, topic, group: textOf(group, pipeline), start, maxBytes: bytes(maxBytes) }
    }
    case 'queue': {
      const { queue, maxBytes } = fill(SOURCES.queue, raw)
      checkQueue(file, queue, fleet, out)
      return { kind, queue, maxBytes: bytes(maxBytes) }
    }
    case 'jobs': {
      const { jobs, maxBytes } = fill(SOURCES.jobs, raw)
      checkJobs(file, jobs, fleet, out)
      return { kind, jobs, maxBytes: bytes(maxBytes) }
    }
    case 'schedule':
      return planScheduleSource(file, fill(SOURCES.schedule, raw), pipeline, fleet, out)
  }
}

/** Messages are checked before anything else looks at them: a source has a schema. */
function checkTopic(file: YamlFile, topic: unknown, fleet: Fleet, out: Diagnostics): void {
  const path = ['from', 'topic']
  const others = othersOf(fleet, 'topics')
  if (!known(file, path, 'topic', topic, fleet.declared?.topics, 'SLU0302', out, others)) return
  const plan = topicOf(fleet, topic)
  if (plan?.deadLetters === true) {
    const hint = 'read from a topic of events; dead letters are bytes of any kind'
    out.error('SLU0310', file.at(path), `topic "${topic}" is for dead letters`, hint)
  } else if (plan !== undefined && plan.schema === undefined) {
    const hint = 'give it one in pipelines/fleet.yaml: messages are checked before anything else'
    out.error('SLU0309', file.at(path), `topic "${topic}" has no schema`, hint)
  }
}

function checkQueue(file: YamlFile, queue: unknown, fleet: Fleet, out: Diagnostics): void {
  const path = ['from', 'queue']
  const { declared } = fleet
  const others = othersOf(fleet, 'queues')
  if (!known(file, path, 'queue', queue, declared?.queues, 'SLU0303', out, others)) return
  const plan = Object.hasOwn(fleet.queues, queue) ? fleet.queues[queue] : undefined
  if (plan?.type === 'stream')
    out.error(
      'SLU0526',
      file.at(path),
      `queue "${queue}" is a stream`,
      'reading a stream consumes nothing, so nobody would know what is done: read a quorum queue or a topic',
    )
}

function checkJobs(file: YamlFile, jobs: unknown, fleet: Fleet, out: Diagnostics): void {
  const others = othersOf(fleet, 'jobs')
  const names = fleet.declared?.jobs
  known(file, ['from', 'jobs'], 'queue of jobs', jobs, names, 'SLU0329', out, others)
}

const INSTEAD = {
  topics: 'a topic: write from: { topic: … }',
  queues: 'a queue: write from: { queue: … }',
  exchanges: 'an exchange: read a queue that is bound to it',
  jobs: 'a queue of jobs: write from: { jobs: … }',
} as const

/** What has a name and is read in another way. */
function othersOf({ declared }: Fleet, own: keyof typeof INSTEAD): Map<string, string> {
  const others = new Map<string, string>()
  for (const section of Object.keys(INSTEAD) as (keyof typeof INSTEAD)[])
    if (section !== own)
      for (const name of declared?.[section] ?? []) others.set(name, INSTEAD[section])
  return others
}
