// A line: one pipeline made to measure, from one source to some sinks, in a project of its own. Its text is all that differs between lines.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

export const SOURCES = ['topic', 'queue', 'jobs'] as const
export type SourceName = (typeof SOURCES)[number]
export type SinkName = 'cache' | 'command' | 'job' | 'store' | 'event'

export interface Line {
  readonly from: SourceName
  /** In this order; what stands on their brokers afterwards is judged. */
  readonly to: readonly SinkName[]
  readonly once?: true
  /** Messages at work; default: 32. */
  readonly concurrency?: number
  /** Of the handler; default: 20s. */
  readonly timeout?: string
  /** Of the handler; none by default. */
  readonly breaker?: string
  /** Of the retry policy; default: 100. */
  readonly attempts?: number
  /** Where dead letters go; default: a topic. */
  readonly letters?: 'incoming.dlq' | 'tasks.dlq'
  /** Replacements in fleet.yaml, each of a text that is there. */
  readonly edits?: readonly (readonly [from: string, to: string])[]
}

export const CONCURRENCY = 32

const FROM: Readonly<Record<SourceName, string>> = {
  topic: '{ topic: incoming, group: line }',
  queue: '{ queue: tasks }',
  jobs: '{ jobs: duties }',
}

const OUTCOME = '{ id: event.data.id, place: event.data.place }'

const STEPS: Readonly<Record<SinkName, string>> = {
  cache: `
  - id: graded
    cache: { in: grades, key: 'event.data.place', load: { call: grade, input: event.data } }`,
  command: `
  - id: ordered
    command: { to: commands, body: '${OUTCOME}' }`,
  job: `
  - id: reported
    job: { to: reports, body: '${OUTCOME}' }`,
  store: `
  - id: stored
    store: { in: results, key: event.data.id, value: '${OUTCOME}' }`,
  event: `
  - id: announced
    event: { to: outgoing, key: event.data.key, body: '${OUTCOME}' }`,
}

function pipelineText(line: Line): string {
  const { from, to, once, concurrency = CONCURRENCY, timeout = '20s', attempts = 100 } = line
  const breaker = line.breaker === undefined ? '' : `, breaker: ${line.breaker}`
  const letters = line.letters ?? 'incoming.dlq'
  // Where something is to fail for now it does so between two effects.
  const [last, ...before] = [...to].reverse() as [SinkName, ...SinkName[]]
  return `pipeline: line
from: ${FROM[from]}
order: ${from === 'topic' ? 'key' : 'none'}
concurrency: ${concurrency}
${once === undefined ? '' : 'once: { window: 12h }'}
steps:
  - id: done
    call: { handler: work, input: event.data, timeout: ${timeout}${breaker} }${before
      .reverse()
      .map((sink) => STEPS[sink])
      .join('')}
  - id: settled
    call: { handler: settle, input: event.data }${STEPS[last]}
failure:
  invalid: { deadLetter: ${letters} }
  transient: { retry: { attempts: ${attempts}, first: 20ms, max: 500ms, jitter: full }, deadLetter: ${letters} }
  defect: { deadLetter: ${letters} }
`
}

export interface Project {
  readonly dir: string
  remove(): Promise<void>
}

const FAULTS = resolve(import.meta.dirname, '..')

/** Beside the template: its handlers name the product by relative paths. */
export async function makeProject(line: Line): Promise<Project> {
  const dir = await mkdtemp(join(FAULTS, 'tmp-'))
  await cp(join(FAULTS, 'fleet'), dir, { recursive: true })
  await writeFile(join(dir, 'pipelines/line.yaml'), pipelineText(line))
  const fleet = join(dir, 'pipelines/fleet.yaml')
  let text = await readFile(fleet, 'utf8')
  for (const [from, to] of line.edits ?? []) {
    if (!text.includes(from)) throw new Error(`fleet.yaml holds no ${from}`)
    text = text.replace(from, to)
  }
  await writeFile(fleet, text)
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}
