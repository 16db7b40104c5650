// A shadow of each kind of pipeline: it records what the live one does, to the letter, and has no way to any broker but to read.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../workers/core/clock.ts'
import type { LogSource } from '../../workers/core/contract.ts'
import type { FromPlan, PipelinePlan, TopicFromPlan } from '../../workers/core/plan.ts'
import { sourceName } from '../../workers/core/source-plan.ts'
import { diff, type Difference } from '../../workers/recording/diff/diff.ts'
import { silentLog, type Logger } from '../../workers/core/log.ts'
import { Journal } from '../../workers/recording/journal.ts'
import type { Entry } from '../../workers/recording/line.ts'
import { recordedLog } from '../../workers/recording/recorded-log.ts'
import { Recorder } from '../../workers/recording/recorder.ts'
import { shadowPlan, type ShadowTerms } from '../../workers/recording/shadow-plan.ts'
import { FILES, PIPELINES } from '../differential/fleet.ts'
import { codeOf, type Code } from '../differential/run.ts'
import { play, type Played } from './recorded-shop.ts'

const NAMES = ['by_key', 'by_partition', 'corrected', 'parked', 'deduped', 'windowed']
const CALLS_NOBODY = new Set(['corrected', 'windowed'])
const folder = mkdtempSync(join(tmpdir(), 'sluice-shadow-'))
let code: Code
beforeAll(async () => {
  code = await codeOf(
    FILES,
    PIPELINES.filter((name) => !name.includes('other')),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string) => join(folder, `${name}.jsonl`)

const entriesOf = (path: string): Entry[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
    .filter(({ effects }) => effects !== undefined)

function differences(a: string, b: string): Difference[] {
  const found: Difference[] = []
  const terms = { by: 'message', ignore: [], common: false } as const
  diff({ a, b }, terms, (difference) => found.push(difference))
  return found
}

const outcomes = ({ counts }: Played, name: string) => {
  const { acked, filtered, deadLettered, duplicates } = counts.pipelines[name] ?? {}
  return { acked, filtered, deadLettered, duplicates }
}

test.each(NAMES)('%s: what the live one sent, and nowhere else than in the file', async (name) => {
  const live = await play(code, name, 7, {
    options: { record: file(`${name}-live`) },
    trapped: false,
  })
  const shadow = await play(code, name, 7, {
    options: { shadow: file(`${name}-shadow`) },
    trapped: true,
  })
  expect(outcomes(shadow, name)).toEqual(outcomes(live, name))
  expect(differences(file(`${name}-live`), file(`${name}-shadow`))).toEqual([])
  expect(new Set(shadow.shadows)).toEqual(new Set(CALLS_NOBODY.has(name) ? [] : [true]))
  expect(new Set(live.shadows)).toEqual(new Set(CALLS_NOBODY.has(name) ? [] : [false]))
  // What the live one recorded is what its topics hold.
  const sent = entriesOf(file(`${name}-live`)).flatMap(({ effects }) => effects)
  for (const topic of ['billed', 'letters'])
    expect([topic, sent.filter(({ to }) => to === topic).length]).toEqual([topic, live.held[topic]])
  const { topic } = (code.plan.pipelines[name] as PipelinePlan).from as TopicFromPlan
  expect({ ...shadow.held, [topic]: 0 }).toEqual(
    Object.fromEntries(Object.keys(shadow.held).map((other) => [other, 0])),
  )
})

test('asking for real, it keeps what it makes of the answers', async () => {
  const [live, shadow] = [file('asking-live'), file('asking-shadow')]
  const common = { beside: 'answering', count: 20 } as const
  const options = { shadow, ask: true }
  await play(code, 'asking', 7, { ...common, options: { record: live }, trapped: false })
  const { held } = await play(code, 'asking', 7, { ...common, options, trapped: true })
  expect(held['billed']).toBe(0)
  expect(differences(live, shadow)).toEqual([])
  const kinds = entriesOf(shadow).flatMap(({ effects }) => effects.map(({ kind }) => kind))
  expect(new Set(kinds)).toEqual(new Set(['request', 'event', 'dead-letter']))
})

test('a live run that is asked records its answers, where somebody was there to take them', async () => {
  const path = file('asking-and-answering')
  const options = { record: path }
  const { counts } = await play(code, 'asking', 7, {
    options,
    trapped: false,
    together: 'answering',
  })
  const effects = entriesOf(path).flatMap((entry) => entry.effects)
  const of = (kind: string) => effects.filter((effect) => effect.kind === kind).length
  expect(of('reply')).toBe(counts.replies['answering']?.sent)
  expect(of('request')).toBe(counts.requests['quotes']?.answered)
  expect(of('reply')).toBeGreaterThan(0)
  const gone = await play(code, 'answering', 7, {
    options: { record: file('nobody') },
    trapped: false,
  })
  expect(gone.counts.replies['answering']).toMatchObject({ sent: 0, undeliverable: 60 })
  const left = entriesOf(file('nobody')).flatMap((entry) => entry.effects)
  expect(left.filter(({ kind }) => kind !== 'dead-letter')).toEqual([])
})

test.each([
  'of_queue',
  'of_queue_in_order',
  'parked_of_queue',
  'of_jobs',
  'parked_of_jobs',
  'of_schedule',
])('%s: what a live run records is what it counts', async (name) => {
  const path = file(`${name}-live`)
  const { counts, held } = await play(code, name, 7, { options: { record: path }, trapped: false })
  const entries = entriesOf(path)
  const of = (outcome: string) => entries.filter((entry) => entry.outcome === outcome).length
  const { acked, filtered, deadLettered, parked, accepted } = counts.pipelines[name] ?? {}
  expect([of('acked'), of('filtered'), of('deadLettered'), of('parked')]).toEqual([
    acked,
    filtered,
    deadLettered,
    parked,
  ])
  expect(entries).toHaveLength(accepted ?? 0)
  const effects = entries.flatMap((entry) => entry.effects)
  // What is parked has got nowhere yet.
  const ends = Object.entries(counts.sent).filter(([to]) => !to.includes('.retry'))
  expect(effects).toHaveLength(ends.reduce((sum, [, n]) => sum + n, 0))
  expect(effects.filter(({ to }) => to === 'billed')).toHaveLength(held['billed'] ?? 0)
  expect(
    entries.every(({ message }) =>
      message?.startsWith(`${sourceName(code.plan.pipelines[name]?.from as FromPlan)}/`),
    ),
  ).toBe(true)
})

test('every kind of effect was among them', () => {
  const kinds = NAMES.flatMap((name) => entriesOf(file(`${name}-shadow`))).flatMap(({ effects }) =>
    effects.map(({ kind }) => kind),
  )
  expect([...new Set(kinds)].toSorted()).toEqual([
    'command',
    'dead-letter',
    'event',
    'job',
    'store',
  ])
})

test('what goes on and had something to remember says that it is forgotten', async () => {
  const said: unknown[] = []
  const log: Logger = { ...silentLog, warn: (fields: unknown) => void said.push(fields) }
  const again = async (name: string) => {
    const path = file(`${name}-again`)
    for (const _ of [1, 2])
      await play(code, name, 1, { options: { shadow: path }, trapped: true, count: 1, log })
  }
  await again('by_key')
  expect(said).toHaveLength(2)
  await again('windowed')
  expect(said.slice(2)).toMatchObject([
    { code: 'SLU5515' },
    { code: 'SLU5515' },
    { code: 'SLU5518', pipelines: ['windowed'] },
  ])
})

const TERMS: ShadowTerms = { group: undefined, start: undefined, ask: false, stores: false }

test.each([
  ['what reads a queue', ['by_key', 'of_queue', 'of_jobs'], {}, 'SLU1011', 'of_queue', 'of_jobs'],
  ['what fires by itself', ['of_schedule'], {}, 'SLU1011', 'schedule'],
  ['what asks', ['asking'], {}, 'SLU1012', 'it asks quotes'],
  ['the group of a live one', ['by_key'], { group: 'corrected' }, 'SLU1013', 'pipeline corrected'],
  ['what stores without versions', ['by_key'], { stores: true }, 'SLU0583', 'remember'],
  ['what stores nothing', ['corrected'], { stores: true }, 'SLU0583', 'it stores nothing'],
  ['one group for two', ['by_key', 'parked'], { group: 'mine' }, 'SLU1010', 'by_key, parked'],
] as const)(
  '%s has no shadow, and each that has none is named',
  (_, names, terms, code_, ...words) => {
    let refused: unknown
    try {
      shadowPlan(code.plan, names, { ...TERMS, ...terms })
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ code: code_ })
    for (const word of words) expect((refused as Error).message).toContain(word)
  },
)

test('a shadow has a group of its own, creates nothing, and waits in place', () => {
  const { provision, pipelines } = shadowPlan(code.plan, ['parked'], TERMS)
  expect(provision).toBe(false)
  expect(pipelines['parked']?.from).toMatchObject({ group: 'parked.shadow', start: 'earliest' })
  expect(pipelines['parked']?.failure.transient.retry.park).toBeUndefined()
  expect(pipelines['by_key']).toBe(code.plan.pipelines['by_key'])
  const asked = shadowPlan(code.plan, ['asking'], {
    group: 'mine',
    start: 'latest',
    ask: true,
    stores: false,
  })
  expect(asked.pipelines['asking']?.from).toMatchObject({ group: 'mine', start: 'latest' })
})

test('nothing is committed that could not be written', async () => {
  const journal = new Journal(file('commit'), {
    recording: 1,
    mode: 'shadow',
    fleet: 'shop',
    pipelines: {},
    at: '',
  })
  const committed: unknown[] = []
  const source = { commit: (commits: unknown) => Promise.resolve(void committed.push(commits)) }
  const log = recordedLog(source as unknown as LogSource, new Recorder(journal, systemClock))
  await log.commit([])
  expect(committed).toHaveLength(1)
  await journal.close()
  await expect(log.commit([])).rejects.toMatchObject({ code: 'SLU5516' })
  expect(committed).toHaveLength(1)
})
