// Reading, grouping and showing dead letters: those of ours, and what others put among them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import { fingerprint, withoutValues } from '../../../workers/ops/dlq/fingerprint.ts'
import { compileLetterExpression, matches, scopeOf } from '../../../workers/ops/dlq/filter.ts'
import { readLetter } from '../../../workers/ops/dlq/letter.ts'
import { letterJson, renderLetter } from '../../../workers/ops/dlq/render-letter.ts'
import { renderEntries, renderSurvey } from '../../../workers/ops/dlq/render-survey.ts'
import { surveyJson } from '../../../workers/ops/dlq/survey-json.ts'
import { Survey } from '../../../workers/ops/dlq/survey.ts'
import { compile, FILES } from '../../compile/project.ts'
import { forged, letterOf, spot, stored } from './support.ts'

const { plan } = compile(FILES) as { plan: FleetPlan }
const STYLE = { color: false, stream: false, reveal: false, plan }

describe('a letter', () => {
  test('is read as the runtime wrote it', () => {
    expect(letterOf()).toMatchObject({
      code: 'SLU5102',
      class: 'defect',
      reason: 'no such card',
      fleet: 'shop',
      pipeline: 'billing',
      step: 'charge',
      attempts: 1,
      origin: { kind: 'topic', topic: 'orders', partition: 3, offset: 7 },
      payload: 'complete',
      payloadBytes: 11,
      failedAt: '2026-01-03T00:00:00.000Z',
    })
    const coordinates = { queue: 'alerts', 'message-id': 'm1', 'message-type': 'alert' }
    expect(letterOf({ coordinates }).origin).toEqual({
      kind: 'queue',
      queue: 'alerts',
      messageId: 'm1',
      type: 'alert',
      source: undefined,
    })
    expect(letterOf({ value: null }).payload).toBe('none')
    expect(letterOf({ payload: false }).payload).toBe('omitted')
  })

  test('is the same in every copy, and another one when its message is', () => {
    const { key } = letterOf()
    expect(letterOf({ failedAt: Date.UTC(2027, 0, 1), reason: 'another time' }).key).toBe(key)
    const elsewhere = readLetter({ ...spot, destination: 'other', offset: 9 }, stored())
    expect(elsewhere.key).toBe(key)
    for (const other of [{ offset: 8 }, { value: '{"total":4}' }, { coordinates: { queue: 'q' } }])
      expect(letterOf(other).key).not.toBe(key)
  })

  test('of a message that its sender did not name is told from its twin by the name that it was given', () => {
    const of = (id: string) => forged({ 'sluice-dlq-queue': 'tasks', 'sluice-dlq-id': id }).key
    expect(of('tasks/1')).toBe(of('tasks/1'))
    expect(of('tasks/1')).not.toBe(of('tasks/2'))
  })

  test.each([
    ['no version', { 'sluice-dlq-version': undefined }, /no header sluice-dlq-version/],
    ['a later version', { 'sluice-dlq-version': '2' }, /version 2/],
    ['no code of ours', { 'sluice-dlq-code': 'E1' }, /sluice-dlq-code is not/],
    ['a class nobody knows', { 'sluice-dlq-class': 'fatal' }, /sluice-dlq-class/],
    ['a negative offset', { 'sluice-dlq-offset': '-1' }, /sluice-dlq-offset/],
    ['an offset beyond numbers', { 'sluice-dlq-offset': '9'.repeat(30) }, /sluice-dlq-offset/],
    ['attempts that are none', { 'sluice-dlq-attempts': 'NaN' }, /sluice-dlq-attempts/],
    ['a topic with a path', { 'sluice-dlq-topic': '../../etc' }, /sluice-dlq-topic/],
    ['a pipeline of another language', { 'sluice-dlq-pipeline': '\u001b[2J' }, /pipeline/],
    ['a time that is none', { 'sluice-dlq-failed-at': 'yesterday' }, /failed-at/],
    ['a reason without end', { 'sluice-dlq-reason': 'x'.repeat(5_000) }, /reason/],
  ])('with %s is none, and says why', (_what, headers, why) => {
    expect(forged(headers)).toMatchObject({
      kind: 'foreign',
      why: expect.stringMatching(why) as string,
    })
  })

  test('that is no letter at all says so', () => {
    const foreign = readLetter(spot, { ...stored(), headers: {} })
    expect(foreign).toMatchObject({ kind: 'foreign' })
    expect(renderLetter(foreign, undefined, STYLE)).toContain('no header sluice-dlq-version')
  })
})

describe('groups', () => {
  test('are of one reason, whatever the values in it', () => {
    const print = fingerprint(letterOf({ reason: 'card 4711 of "Ann" is unknown' }))
    expect(fingerprint(letterOf({ reason: 'card 0815 of "Bob" is unknown' }))).toBe(print)
    expect(fingerprint(letterOf({ reason: 'card 0815 of "Bob" is blocked' }))).not.toBe(print)
    expect(fingerprint(letterOf({ step: 'refund', reason: 'card 1 of "B" is unknown' }))).not.toBe(
      print,
    )
    expect(withoutValues('id 0c1f9a64-52c1-4f0e-9df0-0a1b2c3d4e5f at host-7.example:9092')).toBe(
      'id … at …:…',
    )
  })

  test('count each letter once, by what became of it, with the first and the last', () => {
    const survey = new Survey({
      statusOf: (letter) =>
        letter.kind === 'letter' && letter.origin.kind === 'queue' ? 'dropped' : 'open',
      wanted: () => true,
      keep: 10,
    })
    const day = (n: number) => Date.UTC(2026, 0, n)
    survey.add(letterOf({ offset: 1, failedAt: day(2) }))
    survey.add(letterOf({ offset: 1, failedAt: day(3) }))
    survey.add(letterOf({ offset: 2, failedAt: day(4) }))
    survey.add(letterOf({ coordinates: { queue: 'q' }, failedAt: day(1) }))
    survey.add(forged({ 'sluice-dlq-version': '9' }))
    const [group, ...others] = survey.sorted()
    expect(others).toEqual([])
    expect(group).toMatchObject({
      counts: { open: 2, replayed: 0, dropped: 1 },
      first: '2026-01-01T00:00:00.000Z',
      last: '2026-01-04T00:00:00.000Z',
    })
    expect(survey.copies).toBe(1)
    expect(survey.foreign.get('orders.dlq')).toBe(1)
    const style = { color: false, width: 80, isStream: () => false }
    const text = renderSurvey(survey, ['orders.dlq', 'empty.dlq'], style)
    expect(text).toContain('orders.dlq  2 open')
    expect(text).toContain('1 message is no letter of Sluice')
    expect(text).toContain('empty.dlq  no dead letters')
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
    expect(renderEntries(survey, style)).toContain('orders.dlq 0/0')
  })

  test('that shows some letters says how many there are beside, and names each in full', () => {
    const survey = new Survey({ statusOf: () => 'open', wanted: () => true, keep: 1 })
    const job = `review-${'x'.repeat(80)}`
    for (const offset of [1, 2, 3]) {
      const letter = letterOf({ offset })
      survey.add({ ...letter, spot: { ...letter.spot, job } })
    }
    const style = { color: false, width: 60, isStream: () => false }
    const text = renderEntries(survey, style)
    expect(text).toContain(`orders.dlq ${job}  `)
    expect(text).toContain('… and 2 more: --limit 3 shows all')
    expect(surveyJson(survey, [], true)).toMatchObject({ letters: { length: 1 }, more: 2 })
  })
})

describe('showing a letter', () => {
  test('names the line it failed at, if it is one of the project', () => {
    const at = { file: 'pipelines/billing.yaml', line: 13, column: 5 }
    const shown = renderLetter(letterOf({ at }), undefined, STYLE)
    expect(shown).toContain('pipelines/billing.yaml:13:5')
    expect(shown).toContain('topic orders, partition 3, offset 7')
    expect(shown).toContain('a'.repeat(32))
    const elsewhere = { file: '../../../../../../etc/passwd', line: 1, column: 1 }
    expect(renderLetter(letterOf({ at: elsewhere }), undefined, STYLE)).not.toContain('root:')
  })

  test('never lets a letter steer the terminal', () => {
    const evil = '\u001b[2J\u001b]0;title\u0007\r\n\u202e'
    const letter = letterOf({ value: `no json ${evil}`, headers: { [`x${evil}`]: evil } })
    const shown = renderLetter(letter, undefined, STYLE)
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(shown).toContain('\\u001b[2J')
  })

  test('hides what is called like a secret, in JSON, in broken JSON and in headers, unless asked', () => {
    const value = '{"user":{"password":"hunter2","name":"Ann"}}'
    const headers = { authorization: 'Bearer hunter2' }
    for (const text of [value, value.slice(0, -2)]) {
      const letter = letterOf({ value: text, headers })
      const shown = renderLetter(letter, undefined, STYLE)
      expect(shown).not.toContain('hunter2')
      expect(shown).toContain('Ann')
      const json = JSON.stringify(letterJson(letterOf({ value, headers }), undefined, STYLE))
      expect(json).not.toContain('hunter2')
      const revealed = renderLetter(letter, undefined, { ...STYLE, reveal: true })
      expect(revealed.split('hunter2')).toHaveLength(3)
    }
  })

  test('takes values that are deep, large, binary or nothing', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    for (const value of [deep, 'x'.repeat(1_000_000), '', null])
      expect(renderLetter(letterOf({ value }), undefined, STYLE).length).toBeLessThan(40_000)
    const binary = { ...letterOf(), content: Buffer.from([0xff, 0x00]) }
    expect(renderLetter(binary, undefined, STYLE)).toContain('base64 /wA=')
  })
})

describe('a filter', () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-letters-'))
  afterAll(() => rmSync(root, { recursive: true }))
  const scope = scopeOf(letterOf(), 'abc')
  test.each([
    ["code === 'SLU5102' && failure === 'defect'", true],
    ['event.data.total > 2', true],
    ["event.key === 'k1' && attempts === 1", true],
    ["reason.includes('card') && step === 'charge'", true],
    ["fingerprint === 'abc' && destination.startsWith('orders')", true],
    ['event.data.nothing.there', false],
    ['event.data.total', false],
  ])('%s is %s', async (text, expected) => {
    expect(matches(await compileLetterExpression(root, '--where', text), scope)).toBe(expected)
  })

  test.each(['code = 3', 'process.exit()', 'event.constructor', 'cde === 3', 'new Date()', ''])(
    '%j is refused before anything is read',
    async (text) => {
      await expect(compileLetterExpression(root, '--where', text)).rejects.toMatchObject({
        code: 'SLU1001',
        message: expect.stringMatching(/^--where, character \d+: /) as string,
      })
    },
  )
})
