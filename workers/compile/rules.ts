// Combinations that each are well-formed and together cannot work; one function a rule.
import { allSteps } from '../core/plan-walk.ts'
import type { Diagnostics } from './diagnostics.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import { known } from './names.ts'
import { checkResources } from './resource-rules.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import { branchesAreReached } from './route-rules.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Rule = (planned: PlannedPipeline, fleet: Fleet, out: Diagnostics) => void

const RULES: readonly Rule[] = [
  retryBounds,
  windowHoldsConcurrency,
  guardCanTrip,
  timeoutsFitDrain,
  loopEnds,
  branchesAreReached,
]

export function checkRules(
  pipelines: readonly PlannedPipeline[],
  fleet: Fleet,
  fleetFile: YamlFile | undefined,
  /** Names of all pipelines, those with faults included. */
  names: readonly string[],
  out: Diagnostics,
): void {
  for (const planned of pipelines) for (const rule of RULES) rule(planned, fleet, out)
  uniqueNames(pipelines, out)
  uniqueGroups(pipelines, out)
  if (fleetFile === undefined) return
  for (const planned of pipelines) lettersFit(planned, fleet, fleetFile, out)
  workersRunPipelines(names, fleet, fleetFile, out)
  distinctTopics(fleet, fleetFile, out)
  checkResources(fleet, fleetFile, out)
}

function retryBounds({ file, plan }: PlannedPipeline, _fleet: Fleet, out: Diagnostics): void {
  const { firstMs, maxMs } = plan.failure.transient.retry
  if (maxMs < firstMs)
    out.error(
      'SLU0501',
      file.at(['failure', 'transient', 'retry', 'max']),
      `"max" (${maxMs} ms) is below "first" (${firstMs} ms)`,
      'waits grow from first to max',
    )
}

function windowHoldsConcurrency(
  { file, plan }: PlannedPipeline,
  _fleet: Fleet,
  out: Diagnostics,
): void {
  if (plan.window < plan.concurrency)
    out.error(
      'SLU0502',
      file.at(['window']),
      `"window" (${plan.window}) is below "concurrency" (${plan.concurrency})`,
      'what is at work is part of the window: make it at least as large',
    )
}

function guardCanTrip({ file, plan }: PlannedPipeline, _fleet: Fleet, out: Diagnostics): void {
  const { guard } = plan.failure
  if (guard !== undefined && guard.tolerate >= guard.of)
    out.error(
      'SLU0503',
      file.at(['failure', 'guard', 'tolerate']),
      `"tolerate" (${guard.tolerate}) of ${guard.of} can never be exceeded`,
      'tolerate fewer than "of"',
    )
}

function timeoutsFitDrain(
  { file, plan, places }: PlannedPipeline,
  fleet: Fleet,
  out: Diagnostics,
): void {
  for (const step of allSteps(plan)) {
    const call = step.kind === 'call' ? step.call : step.kind === 'cache' ? step.load : undefined
    if (call === undefined || !(call.timeoutMs > fleet.drainWithinMs)) continue
    if (fleet.declared === undefined) return
    const path = step.kind === 'call' ? ['call', 'timeout'] : ['cache', 'load', 'timeout']
    out.error(
      'SLU0504',
      file.at([...(places[step.index] as Path), ...path]),
      `the handler may take ${call.timeoutMs} ms, and a drain ${fleet.drainWithinMs} ms`,
      'shorten the timeout, or raise drain.within in pipelines/fleet.yaml',
    )
  }
}

/** Without a limit of its own a topic for dead letters takes what the others take. */
function lettersFit(
  { plan }: PlannedPipeline,
  fleet: Fleet,
  fleetFile: YamlFile,
  out: Diagnostics,
): void {
  const source = topicOf(fleet, plan.from.topic)
  for (const cls of ['invalid', 'transient', 'defect'] as const) {
    const letters = topicOf(fleet, plan.failure[cls].deadLetter)
    if (
      source === undefined ||
      letters === undefined ||
      letters.maxBytes >= Math.min(source.maxBytes, plan.from.maxBytes)
    )
      continue
    out.error(
      'SLU0505',
      fleetFile.at(['topics', letters.name, 'maxBytes']),
      `topic "${letters.name}" takes ${letters.maxBytes} bytes, and messages of "${source.name}" for pipeline "${plan.name}" may have ${Math.min(source.maxBytes, plan.from.maxBytes)}`,
      'larger messages would lose their payload in the dead letter: raise maxBytes, or leave it out',
    )
  }
}

/** An event for the source itself is a new message for this pipeline: without any condition that never ends. */
function loopEnds({ file, plan, places }: PlannedPipeline, _fleet: Fleet, out: Diagnostics): void {
  if (plan.when !== undefined) return
  for (const step of plan.steps)
    if (step.kind === 'event' && step.topic === plan.from.topic && step.when === undefined)
      out.error(
        'SLU0521',
        file.at([...(places[step.index] as Path), 'event', 'to']),
        `each message of "${step.topic}" sends another one to "${step.topic}", for ever`,
        'send to another topic, or give the step or the pipeline a `when` that is false for its own events',
      )
}

function uniqueNames(pipelines: readonly PlannedPipeline[], out: Diagnostics): void {
  const seen = new Map<string, string>()
  for (const { file, plan } of pipelines) {
    const other = seen.get(plan.name)
    if (other !== undefined)
      out.error(
        'SLU0313',
        file.at(['pipeline']),
        `${other} has a pipeline "${plan.name}" already`,
        'names of pipelines are unique in a fleet',
      )
    seen.set(plan.name, file.file)
  }
}

function uniqueGroups(pipelines: readonly PlannedPipeline[], out: Diagnostics): void {
  const seen = new Map<string, string>()
  for (const { file, plan } of pipelines) {
    const key = `${plan.from.topic}\u0000${plan.from.group}`
    const other = seen.get(key)
    if (other !== undefined)
      out.error(
        'SLU0506',
        file.at(['from', 'group']),
        `pipeline "${other}" reads topic "${plan.from.topic}" as group "${plan.from.group}" as well`,
        'each would get a part of the messages only: give one of them a group of its own',
      )
    seen.set(key, plan.name)
  }
}

function workersRunPipelines(
  names: readonly string[],
  fleet: Fleet,
  file: YamlFile,
  out: Diagnostics,
): void {
  for (const [worker, { pipelines }] of Object.entries(fleet.workers))
    pipelines.forEach((name, index) =>
      known(file, ['workers', worker, 'pipelines', index], 'pipeline', name, names, 'SLU0314', out),
    )
}

/** Kafka names metrics after topics with dots as underscores, and refuses to create the second of two such names. */
function distinctTopics(fleet: Fleet, file: YamlFile, out: Diagnostics): void {
  const seen = new Map<string, string>()
  for (const { name, connection } of Object.values(fleet.topics)) {
    const key = JSON.stringify([connection, name.replaceAll('.', '_')])
    const other = seen.get(key)
    if (other !== undefined)
      out.error(
        'SLU0507',
        file.key(['topics', name]),
        `Kafka takes "${name}" and "${other}" for one name`,
        'let them differ by more than dots and underscores',
      )
    seen.set(key, name)
  }
}
