// Plans what a case is given; a body that does not fit its schema is only taken when it says so.
import { isMap, listOf, mapOf, type Raw } from '../compile/raw.ts'
import { milliseconds } from '../compile/units.ts'
import type { Path } from '../compile/yaml-file.ts'
import { timeOf } from '../core/clock.ts'
import { jobData } from '../core/job-data.ts'
import { sourcePlan } from '../core/source-plan.ts'
import { isAbsence, SOURCE_WORDS, usedBy, type Around } from './around.ts'
import type { CacheEntry, Fault, Given, GivenEvent, Outcome, Scripts } from './plan.ts'

/** What a pipeline reads is what it is given. */
const SECTION = { topic: 'events', queue: 'commands', jobs: 'jobs', schedule: 'fires' } as const

export function planGiven(around: Around, path: Path, raw: Raw): Given {
  const section = SECTION[around.pipeline.from.kind]
  for (const other of Object.values(SECTION))
    if (other !== section && isSet(raw, other))
      around.out.error(
        'SLU0355',
        around.file.key([...path, other]),
        `pipeline "${around.pipeline.name}" reads a ${SOURCE_WORDS[around.pipeline.from.kind]}, which holds no ${other}`,
        `give it ${section}`,
      )
  return {
    events: listOf(raw[section]).map((event, index) =>
      planEvent(around, [...path, section, index], mapOf(event)),
    ),
    scripts: planScripts(around, 'handlers', [...path, 'handlers'], mapOf(raw['handlers'])),
    answers: planScripts(around, 'queues', [...path, 'answers'], mapOf(raw['answers'])),
    caches: planCaches(around, [...path, 'caches'], mapOf(raw['caches'])),
    faults: planFaults(around, [...path, 'faults'], listOf(raw['faults'])),
  }
}

function planEvent(around: Around, path: Path, raw: Raw): GivenEvent {
  const { file, plan, pipeline } = around
  const schema = sourcePlan(plan, pipeline.from)?.schema
  if (isSet(raw, 'value') && raw['value'] !== null) checkFit(around, path, raw, schema)
  const { from } = pipeline
  const fires = from.kind === 'schedule' ? firingAt(String(raw['at']), from.name) : undefined
  return {
    at: file.at(path),
    id: fires?.id ?? (typeof raw['id'] === 'string' ? raw['id'] : undefined),
    asks: raw['asks'] === true,
    key: typeof raw['key'] === 'string' ? raw['key'] : null,
    headers: Object.fromEntries(
      Object.entries(mapOf(raw['headers'])).map(([name, value]) => [name, String(value)]),
    ),
    bytes: fires?.bytes ?? (from.kind === 'jobs' ? jobData(bytesOf(raw)) : bytesOf(raw)),
    ...(isSet(raw, 'raw') || isSet(raw, 'base64') ? { verbatim: true } : {}),
    afterMs: raw['after'] === undefined ? 0 : milliseconds(raw['after']),
    scripts: planScripts(around, 'handlers', [...path, 'handlers'], mapOf(raw['handlers'])),
  }
}

/** As the schedule itself would make it. */
function firingAt(at: string, name: string) {
  return {
    id: `repeat:${name}:${timeOf(at)}`,
    bytes: Buffer.from(JSON.stringify({ scheduled_at: at })),
  }
}

const isSet = (raw: Raw, field: string) => Object.hasOwn(raw, field)

function bytesOf(raw: Raw): Uint8Array | null {
  if (isSet(raw, 'raw')) return Buffer.from(String(raw['raw']))
  if (isSet(raw, 'base64')) return Buffer.from(String(raw['base64']), 'base64')
  return raw['value'] === null ? null : Buffer.from(JSON.stringify(raw['value'] ?? null))
}

/** `invalid: true` and a value that fits is a mistake as well: the case would prove something else. */
function checkFit(around: Around, path: Path, raw: Raw, schema: string | undefined): void {
  const { file, fits, out } = around
  if (schema === undefined) return
  const misfits = fits.value(schema, raw['value'])
  if (raw['invalid'] === true) {
    if (misfits.length === 0)
      out.error(
        'SLU0353',
        file.key([...path, 'invalid']),
        `the value fits ${schema}`,
        'remove `invalid: true`, or break the value',
      )
    return
  }
  for (const { path: below, problem } of misfits)
    out.error(
      'SLU0352',
      file.at([...path, 'value', ...below]),
      `does not fit ${schema}: ${problem}`,
      'mend it, or write `invalid: true` beside it if that is what the case is about',
    )
}

function planScripts(around: Around, kind: 'handlers' | 'queues', path: Path, raw: Raw): Scripts {
  return Object.fromEntries(
    Object.entries(raw).map(([name, outcomes]) => {
      usedBy(around, kind, [...path, name], name)
      return [name, listOf(outcomes).map((outcome) => outcomeOf(mapOf(outcome)))]
    }),
  )
}

function outcomeOf(raw: Raw): Outcome {
  if (isSet(raw, 'return')) return { kind: 'return', value: raw['return'] }
  if (isSet(raw, 'timeout')) return { kind: 'timeout' }
  if (!isSet(raw, 'throw')) return { kind: 'real' }
  const { message, permanent, retryAfter } = mapOf(raw['throw'])
  return {
    kind: 'throw',
    message: String(message),
    permanent: permanent === true,
    retryAfterMs: typeof retryAfter === 'string' ? milliseconds(retryAfter) : undefined,
  }
}

function planCaches(around: Around, path: Path, raw: Raw): Given['caches'] {
  return Object.fromEntries(
    Object.entries(raw).map(([cache, entries]): [string, CacheEntry[]] => {
      const used = usedBy(around, 'caches', [...path, cache], cache)
      const plan = around.plan.caches[cache]
      const planned = listOf(entries).map((entry, index): CacheEntry => {
        if (used && isMap(entry) && isSet(entry, 'value') && !isAbsence(plan, entry['value']))
          checkFit(around, [...path, cache, index], entry, plan?.schema)
        return { key: mapOf(entry)['key'], value: mapOf(entry)['value'] }
      })
      return [cache, planned]
    }),
  )
}

function planFaults(around: Around, path: Path, list: readonly unknown[]): Fault[] {
  const faults = list.map((fault, index) => planFault(around, [...path, index], mapOf(fault)))
  faults.forEach(({ connection, fromMs, forMs }, index) => {
    const another = faults
      .slice(0, index)
      .some(
        (one) =>
          one.connection === connection &&
          fromMs < one.fromMs + one.forMs &&
          one.fromMs < fromMs + forMs,
      )
    if (another)
      around.out.error(
        'SLU0357',
        around.file.at([...path, index, 'away']),
        `connection ${connection.slice(0, 100)} is away already at that time`,
        'let one begin after the other has ended, or make one of them',
      )
  })
  return faults
}

function planFault(around: Around, path: Path, raw: Raw): Fault {
  const { connection } = raw
  const away = mapOf(raw['away'])
  if (typeof connection === 'string')
    usedBy(around, 'connections', [...path, 'connection'], connection, 'value')
  return {
    connection: String(connection),
    fromMs: milliseconds(away['from']),
    forMs: milliseconds(away['for']),
  }
}
