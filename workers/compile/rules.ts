// Combinations that each are well-formed and together cannot work; one function a rule.
import type { PipelinePlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { FleetResources } from './fleet-plan.ts'
import { didYouMean } from './suggest.ts'
import type { YamlFile } from './yaml-file.ts'

export interface Planned {
  readonly file: YamlFile
  readonly plan: PipelinePlan
}

type Rule = (planned: Planned, fleet: FleetResources, out: Diagnostics) => void

const RULES: readonly Rule[] = [
  retryBounds,
  windowHoldsConcurrency,
  guardCanTrip,
  timeoutsFitDrain,
  lettersFit,
]

export function checkRules(
  pipelines: readonly Planned[],
  fleet: FleetResources,
  fleetFile: YamlFile,
  /** Names of all pipeline files, those with faults included; undefined when a file could not be read. */
  names: readonly string[] | undefined,
  out: Diagnostics,
): void {
  for (const planned of pipelines) for (const rule of RULES) rule(planned, fleet, out)
  uniqueNames(pipelines, out)
  uniqueGroups(pipelines, out)
  if (names !== undefined) workersRunPipelines(names, fleet, fleetFile, out)
}

function retryBounds({ file, plan }: Planned, _fleet: FleetResources, out: Diagnostics): void {
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
  { file, plan }: Planned,
  _fleet: FleetResources,
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

function guardCanTrip({ file, plan }: Planned, _fleet: FleetResources, out: Diagnostics): void {
  const { guard } = plan.failure
  if (guard !== undefined && guard.tolerate >= guard.of)
    out.error(
      'SLU0503',
      file.at(['failure', 'guard', 'tolerate']),
      `"tolerate" (${guard.tolerate}) of ${guard.of} can never be exceeded`,
      'tolerate fewer than "of"',
    )
}

function timeoutsFitDrain({ file, plan }: Planned, fleet: FleetResources, out: Diagnostics): void {
  plan.steps.forEach((step, index) => {
    const call = step.kind === 'call' ? step.call : step.kind === 'cache' ? step.load : undefined
    if (call === undefined || call.timeoutMs <= fleet.drainWithinMs) return
    const path =
      step.kind === 'call'
        ? ['steps', index, 'call', 'timeout']
        : ['steps', index, 'cache', 'load', 'timeout']
    out.error(
      'SLU0504',
      file.at(path),
      `the handler may take ${call.timeoutMs} ms, and a drain ${fleet.drainWithinMs} ms`,
      'shorten the timeout, or raise drain.within in pipelines/fleet.yaml',
    )
  })
}

function lettersFit({ file, plan }: Planned, fleet: FleetResources, out: Diagnostics): void {
  const source = fleet.topics[plan.from.topic]
  for (const cls of ['invalid', 'transient', 'defect'] as const) {
    const letters = fleet.topics[plan.failure[cls].deadLetter]
    if (
      source === undefined ||
      letters === undefined ||
      letters.maxBytes >= Math.min(source.maxBytes, plan.from.maxBytes)
    )
      continue
    out.warning(
      'SLU0505',
      file.at(['failure', cls, 'deadLetter']),
      `topic "${letters.name}" takes ${letters.maxBytes} bytes, and messages may have ${Math.min(source.maxBytes, plan.from.maxBytes)}`,
      'raise its maxBytes: larger messages lose their payload in the dead letter',
    )
  }
}

function uniqueNames(pipelines: readonly Planned[], out: Diagnostics): void {
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

function uniqueGroups(pipelines: readonly Planned[], out: Diagnostics): void {
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
  fleet: FleetResources,
  file: YamlFile,
  out: Diagnostics,
): void {
  for (const [worker, { pipelines: wanted }] of Object.entries(fleet.workers))
    wanted.forEach((name, index) => {
      if (!names.includes(name))
        out.error(
          'SLU0314',
          file.at(['workers', worker, 'pipelines', index]),
          `there is no pipeline "${name}"`,
          didYouMean(name, names),
        )
    })
}
