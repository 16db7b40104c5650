// Plans what a case expects; what no run of the pipeline could ever bring about is a mistake, not a failing case.
import { listOf, mapOf, type Raw } from '../compile/raw.ts'
import { didYouMean } from '../compile/suggest.ts'
import type { Place } from '../compile/diagnostics.ts'
import type { Path } from '../compile/yaml-file.ts'
import { CODES } from '../core/codes.ts'
import type { TopicPlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import { isAbsence, targetOf, usedBy, type Around, SOURCE_WORDS } from './around.ts'
import { looksLikeMatcher, MATCHERS, readMatcher, type Pattern } from './matchers.ts'
import {
  SECTIONS,
  type Destination,
  type Expectations,
  type Expected,
  type ExpectedField,
  type ExpectedNumber,
  type Section,
} from './plan.ts'

export function planExpectations(around: Around, path: Path, raw: Raw): Expectations {
  const { file } = around
  const partitions = mapOf(raw['commits'])['partitions']
  const commits = [...path, 'commits', 'partitions']
  for (const name of Object.keys(mapOf(raw['calls'])))
    usedBy(around, 'handlers', [...path, 'calls', name], name)
  for (const name of Object.keys(mapOf(raw['breakers'])))
    usedBy(around, 'breakers', [...path, 'breakers', name], name)
  checkPartitions(around, commits, mapOf(partitions))
  if (raw['paused'] === true && around.pipeline.failure.guard === undefined)
    never(
      around,
      file.key([...path, 'paused']),
      'the pipeline has no guard to pause it',
      'remove it',
    )
  return {
    at: file.key(path),
    destinations: SECTIONS.flatMap((section) =>
      Object.entries(mapOf(raw[section])).map(([name, list]) =>
        planDestination(around, [...path, section, name], section, name, list),
      ),
    ),
    counts: numbers(around, [...path, 'counts'], raw['counts']),
    calls: numbers(around, [...path, 'calls'], raw['calls']),
    breakers: numbers(around, [...path, 'breakers'], raw['breakers']),
    commits:
      partitions === undefined
        ? undefined
        : { at: file.key(commits), partitions: numbers(around, commits, partitions) },
    paused: raw['paused'] === true,
    ordered: raw['order'] !== 'any',
    othersAllowed: raw['others'] === 'allow',
  }
}

/** What no run of the pipeline could bring about. */
function never({ out }: Around, at: Place, message: string, hint: string): void {
  out.error('SLU0354', at, message, hint)
}

function checkPartitions(around: Around, path: Path, partitions: Raw): void {
  const { plan, pipeline, file } = around
  const { from } = pipeline
  if (from.kind !== 'topic') {
    if (Object.keys(partitions).length > 0)
      never(around, file.key(path), `a ${SOURCE_WORDS[from.kind]} has no partitions`, 'remove it')
    return
  }
  const { name, partitions: count } = plan.topics[from.topic] as TopicPlan
  for (const partition of Object.keys(partitions))
    if (Number(partition) >= count)
      never(
        around,
        file.key([...path, partition]),
        `topic ${name} has no partition ${partition.slice(0, 100)}`,
        `they are counted from 0 to ${count - 1}`,
      )
}

const numbers = ({ file }: Around, path: Path, raw: unknown): ExpectedNumber[] =>
  Object.entries(mapOf(raw)).map(([name, value]) => ({
    name,
    value: Number(value),
    at: file.at([...path, name]),
  }))

function planDestination(
  around: Around,
  path: Path,
  section: Section,
  name: string,
  list: unknown,
): Destination {
  const used = usedBy(around, section, path, name)
  const schema = used ? schemaOf(around, section, name) : undefined
  return {
    section,
    name,
    at: around.file.key(path),
    expected: listOf(list).map((raw, index) =>
      planExpected(around, [...path, index], section, name, mapOf(raw), schema),
    ),
  }
}

function schemaOf({ plan }: Around, section: Section, name: string): string | undefined {
  if (section === 'events') return plan.topics[name]?.schema
  if (section === 'commands') return (plan.queues[name] ?? plan.exchanges[name])?.schema
  if (section === 'jobs') return plan.jobs[name]?.schema
  if (section === 'stores') return plan.stores[name]?.schema
  if (section === 'replies') return plan.queues[name]?.reply
  return section === 'caches' ? plan.caches[name]?.schema : undefined
}

function planExpected(
  around: Around,
  path: Path,
  section: Section,
  destination: string,
  raw: Raw,
  schema: string | undefined,
): Expected {
  const { file } = around
  if (section === 'deadLetters') checkLetter(around, path, raw)
  if (section === 'commands' && Object.hasOwn(raw, 'key')) checkKey(around, path, destination)
  const fields = Object.entries(raw).map(([field, pattern]): ExpectedField => {
    const part = field === 'contains' || field === 'headers'
    const at = [...path, field]
    const readable = checkMatchers(around, at, pattern)
    const isBody = field === 'value' || field === 'contains'
    const isAbsent = section === 'caches' && isAbsence(around.plan.caches[destination], pattern)
    if (readable && isBody && schema !== undefined && !isAbsent)
      checkFit(around, at, schema, pattern, part)
    return {
      name: field === 'contains' ? 'value' : field,
      pattern,
      part,
      at: (below) => file.at([...at, ...below]),
    }
  })
  return { at: file.at(path), fields }
}

function checkFit(around: Around, at: Path, schema: string, pattern: Pattern, part: boolean): void {
  const { file, fits } = around
  for (const { path, problem } of fits.pattern(schema, pattern, part))
    never(
      around,
      file.at([...at, ...path]),
      `nothing like this can arrive, for it does not fit ${schema}: ${problem}`,
      'expect what the schema allows',
    )
}

function checkKey(around: Around, path: Path, destination: string): void {
  const { file, pipeline } = around
  const keyed = allSteps(pipeline).some(
    (step) => step.kind === 'command' && targetOf(step.to) === destination && step.key,
  )
  if (!keyed)
    never(
      around,
      file.key([...path, 'key']),
      `commands to "${destination}" have no routing key`,
      'remove it',
    )
}

function checkLetter(around: Around, path: Path, raw: Raw): void {
  const { file } = around
  const { step, code } = raw
  if (typeof step === 'string') usedBy(around, 'steps', [...path, 'step'], step, 'value')
  const codes = Object.entries(CODES).flatMap(([name, entry]) => ('failure' in entry ? [name] : []))
  if (typeof code === 'string' && /^SLU[0-9]{4}$/.test(code) && !codes.includes(code))
    never(
      around,
      file.at([...path, 'code']),
      `no dead letter has code ${code}`,
      didYouMean(code, codes),
    )
}

/** True when each matcher can be read. */
function checkMatchers(around: Around, path: Path, pattern: Pattern): boolean {
  const { file, out } = around
  if (looksLikeMatcher(pattern)) {
    const matcher = readMatcher(pattern)
    if (typeof matcher !== 'string') return true
    const [name = ''] = Object.keys(pattern).filter((key) => key.startsWith('$'))
    const unknown = !(MATCHERS as readonly string[]).includes(name)
    const hint = unknown ? didYouMean(name, MATCHERS) : 'keys that begin with $ belong to matchers'
    out.error('SLU0356', file.key([...path, name]), matcher, hint)
    return false
  }
  if (typeof pattern !== 'object' || pattern === null) return true
  const children = Object.entries(pattern).map(([name, child]) =>
    checkMatchers(around, [...path, name], child),
  )
  return children.every(Boolean)
}
