// Combinations that each are well-formed and together cannot work; one function a rule.
import type { StepPlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import { sourceName, sourcePlan } from '../core/source-plan.ts'
import { forgottenAreTagged } from './cache-rules.ts'
import type { Diagnostics } from './diagnostics.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import { loopsEnd } from './loop-rules.ts'
import { known } from './names.ts'
import { answersAreGiven, neverDropped, prefetchFits, queueOrder } from './queue-rules.ts'
import { checkJobs, jobOrder, jobsOfItemsDiffer } from './job-rules.ts'
import { checkResources } from './resource-rules.ts'
import type { PlannedPipeline } from './pipeline-plan.ts'
import { branchesAreReached } from './route-rules.ts'
import {
  parkingHappens,
  parkingHasItsPlaces,
  parkingKeepsOrder,
  parkingLeavesNobodyWaiting,
} from './parking-rules.ts'
import { versionsAreOfAll } from './store-rules.ts'
import { dedupeIsOfMessages, onceOutlastsRetries, stateIsThere } from './state-rules.ts'
import { dedupeComesBeforeWindows, measuresHaveNames, windowsGoSomewhere } from './window-rules.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Rule = (planned: PlannedPipeline, fleet: Fleet, out: Diagnostics) => void

const RULES: readonly Rule[] = [
  retryBounds,
  windowHoldsConcurrency,
  guardCanTrip,
  timeoutsFitDrain,
  branchesAreReached,
  queueOrder,
  answersAreGiven,
  neverDropped,
  prefetchFits,
  stateIsThere,
  onceOutlastsRetries,
  dedupeIsOfMessages,
  measuresHaveNames,
  windowsGoSomewhere,
  dedupeComesBeforeWindows,
  jobOrder,
  jobsOfItemsDiffer,
  parkingKeepsOrder,
  parkingLeavesNobodyWaiting,
  parkingHappens,
  parkingHasItsPlaces,
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
  uniqueGroups(pipelines, fleet, out)
  loopsEnd(pipelines, fleet, out)
  forgottenAreTagged(pipelines, fleet, out)
  versionsAreOfAll(pipelines, out)
  if (fleetFile === undefined) return
  for (const planned of pipelines) lettersFit(planned, fleet, fleetFile, out)
  workersRunPipelines(names, fleet, fleetFile, out)
  distinctTopics(fleet, fleetFile, out)
  checkResources(fleet, fleetFile, out)
  checkJobs(pipelines, fleet, fleetFile, out)
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
    const { timeoutMs, path, what } = waitOf(step) ?? { timeoutMs: 0, path: [], what: '' }
    if (!(timeoutMs > fleet.drainWithinMs)) continue
    if (fleet.declared === undefined) return
    out.error(
      'SLU0504',
      file.at([...(places[step.index] as Path), ...path]),
      `the ${what} may take ${timeoutMs} ms, and a drain ${fleet.drainWithinMs} ms`,
      'shorten the timeout, or raise drain.within in pipelines/fleet.yaml',
    )
  }
}

/** What a step waits for, how long, and where that is written. */
function waitOf(step: StepPlan): { timeoutMs: number; path: Path; what: string } | undefined {
  switch (step.kind) {
    case 'call':
      return { timeoutMs: step.call.timeoutMs, path: ['call', 'timeout'], what: 'handler' }
    case 'cache':
      return { timeoutMs: step.load.timeoutMs, path: ['cache', 'load', 'timeout'], what: 'handler' }
    case 'request':
      return { timeoutMs: step.timeoutMs, path: ['request', 'timeout'], what: 'answer' }
    default:
      return undefined
  }
}

/** Without a limit of its own a topic for dead letters takes what the others take. */
function lettersFit(
  { plan }: PlannedPipeline,
  fleet: Fleet,
  fleetFile: YamlFile,
  out: Diagnostics,
): void {
  const { from } = plan
  const source = from.kind === 'topic' ? topicOf(fleet, from.topic) : undefined
  const largest = Math.min(source?.maxBytes ?? Infinity, from.maxBytes)
  for (const cls of ['invalid', 'transient', 'defect'] as const) {
    const letters = topicOf(fleet, plan.failure[cls].deadLetter)
    if (letters === undefined || letters.maxBytes >= largest) continue
    out.error(
      'SLU0505',
      fleetFile.at(['topics', letters.name, 'maxBytes']),
      `topic "${letters.name}" takes ${letters.maxBytes} bytes, and messages of "${sourceName(from)}" for pipeline "${plan.name}" may have ${largest}`,
      'larger messages would lose their payload in the dead letter: raise maxBytes, or leave it out',
    )
  }
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

/** Kafka shares all topics of a group among its members, whoever reads which; RabbitMQ a queue among its consumers. */
function uniqueGroups(pipelines: readonly PlannedPipeline[], fleet: Fleet, out: Diagnostics): void {
  const seen = new Map<string, PlannedPipeline>()
  for (const planned of pipelines) {
    const { file, plan } = planned
    const { from } = plan
    const { connection } = sourcePlan(fleet, from) ?? {}
    const shared = from.kind === 'topic' ? from.group : sourceName(from)
    const key = JSON.stringify([from.kind, connection, shared])
    const other = seen.get(key)?.plan
    seen.set(key, planned)
    // Of two with one name the groups are one as well: that is said already.
    if (other === undefined || other.name === plan.name) continue
    const source = sourceName(other.from)
    if (from.kind !== 'topic')
      out.error(
        'SLU0506',
        file.at(['from', from.kind]),
        `pipeline "${other.name}" reads ${from.kind === 'queue' ? 'queue' : 'jobs'} "${source}" as well`,
        from.kind === 'queue'
          ? 'each would get a part of the messages only: bind a queue for each of them to an exchange'
          : 'each would get a part of the jobs only: give each of them a queue of its own',
      )
    else
      out.error(
        'SLU0506',
        file.at(['from', 'group']),
        `pipeline "${other.name}" reads topic "${source}" as group "${from.group}" as well`,
        source === from.topic
          ? 'each would get a part of the messages only: give one of them a group of its own'
          : 'each would be given partitions that only the other reads: give one of them a group of its own',
      )
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
