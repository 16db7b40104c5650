// Plans as people read them, as they are saved, and as they are carried out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, describe, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import type { Flag, Plan, PlannedChange } from '../../workers/ops/changes.ts'
import { execute } from '../../workers/ops/execute.ts'
import { diffQueues } from '../../workers/ops/queue-diff.ts'
import { renderPlan } from '../../workers/ops/render-plan.ts'
import { documentOf, readSaved, requireSame, save } from '../../workers/ops/saved-plan.ts'
import { diffTopics } from '../../workers/ops/topic-diff.ts'
import {
  allowing,
  boundTo,
  exchangeOf,
  foundQueue,
  foundTopic,
  queueOf,
  topicOf,
} from './support.ts'

/** A new topic, one with three differences, a queue of another type, and a binding too many. */
function planOf(allow: readonly Flag[] = [], changed: Partial<Plan> = {}): Plan {
  const events = diffTopics(
    'events',
    [
      topicOf({ name: 'new', address: 'p.new', maxBytes: 2 * 1024 ** 2 }),
      topicOf({ partitions: 4, retention: { timeMs: 3_600_000 }, minInSync: 1, maxBytes: 9_000 }),
    ],
    {
      topics: new Map([['p.orders', foundTopic({}, { others: { 'segment.ms': '9' } })]]),
      undeclared: ['p.old\u001b[2J'],
    },
    allowing(...allow),
  )
  const work = diffQueues(
    { connection: 'work', exchanges: [exchangeOf()], queues: [queueOf()] },
    {
      compared: true,
      exchanges: new Map(),
      queues: new Map([
        [
          'p.parcels',
          foundQueue(
            { type: 'classic', durable: false },
            { bindings: [boundTo('eu.#'), boundTo('us')] },
          ),
        ],
      ]),
      undeclared: [],
    },
    allowing(...allow),
  )
  return {
    fleet: 'shop',
    prefix: 'p.',
    allow,
    places: [
      {
        connection: 'work',
        target: 'RabbitMQ at a:1',
        where: 'pipelines/fleet.yaml:5',
        compared: true,
      },
      {
        connection: 'events',
        target: 'Kafka at b:2',
        where: 'pipelines/fleet.yaml:4',
        compared: true,
      },
    ],
    changes: [...work.changes, ...events.changes],
    drift: [...work.drift, ...events.drift],
    declared: 4,
    ...changed,
  }
}

describe('the text', () => {
  test('shows what happens, what is refused and why, and where it is declared', () => {
    expect(renderPlan(planOf(['retention']), { color: false })).toMatchInlineSnapshot(`
      "work: RabbitMQ at a:1
        + exchange p.shipping              type topic             pipelines/fleet.yaml:20
        ! queue    p.parcels               type classic → quorum  refused SLU0393, but with --allow recreate  pipelines/fleet.yaml:22
                   it is deleted and made again: stop what sends to it first, a message of that instant would be gone
        ! queue    p.parcels               durable false → true   refused SLU0393, but with --allow recreate  pipelines/fleet.yaml:22
                   it is deleted and made again: stop what sends to it first, a message of that instant would be gone
        - binding  p.shipping → p.parcels  key us                 refused SLU0394, but with --allow unbind  pipelines/fleet.yaml:22
                   fleet.yaml does not declare it: what comes this way would come no more

      events: Kafka at b:2
        + topic    p.new     partitions 2, maxBytes 2MiB          pipelines/fleet.yaml:12
        ~ topic    p.orders  retention.time 7d → 1h               allowed by --allow retention  pipelines/fleet.yaml:12
                   messages that are kept today are deleted, read or not
        ~ topic    p.orders  maxBytes 1048588 bytes → 9000 bytes  pipelines/fleet.yaml:12
                   larger messages are refused
        ~ topic    p.orders  partitions 2 → 4                     refused SLU0391, but with --allow partitions  pipelines/fleet.yaml:12
                   keys move to other partitions: new messages of a key may be done before older ones

      drift: on the brokers, not in fleet.yaml; left as it is
          topic    p.old\\u001b[2J
          topic    p.orders  segment.ms 9

      Plan: 2 to make, 2 to change, 4 refused.
      "
    `)
  })
  test('says that there is nothing, and what could not be compared', () => {
    const places = planOf().places.map((place) => ({ ...place, compared: false }))
    const text = renderPlan(planOf([], { changes: [], drift: [], places: places.slice(0, 1) }), {
      color: false,
    })
    expect(text).toContain('SLU1142')
    expect(text).toContain('(pipelines/fleet.yaml:5)')
    expect(text).toMatch(/^Nothing to change: 4 things are as declared\.$/m)
  })
  test('is the same in colour', () => {
    const colored = renderPlan(planOf(), { color: true })
    expect(colored).toContain('\u001b[')
    // oxlint-disable-next-line no-control-regex -- that is what colour is
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderPlan(planOf(), { color: false }))
  })
})

describe('a saved plan', () => {
  const fileOf = (plan: Plan) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-plan-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'fleet.plan')
    save(file, documentOf(plan))
    return file
  }
  const against = (saved: Plan, now: Plan) => () =>
    requireSame(readSaved(fileOf(saved)), documentOf(now))

  test('holds as long as nothing changed, and while part of it is done', () => {
    const plan = planOf()
    expect(against(plan, plan)).not.toThrow()
    for (const left of plan.changes)
      expect(against(plan, { ...plan, changes: [left] })).not.toThrow()
    expect(against(plan, { ...plan, changes: [] })).not.toThrow()
  })
  test('does not mind that lines of fleet.yaml moved', () => {
    const plan = planOf()
    const changes = plan.changes.map((change) => ({ ...change, where: 'elsewhere:1' }))
    expect(documentOf({ ...plan, changes }).hash).toBe(documentOf(plan).hash)
  })
  test.each<[string, Partial<Plan>]>([
    [
      'what a change starts from',
      {
        changes: planOf().changes.map((change) =>
          change.field === 'partitions' ? { ...change, from: 3 } : change,
        ),
      },
    ],
    [
      'what it leads to',
      {
        changes: planOf().changes.map((change) =>
          change.field === null ? { ...change, to: { partitions: 9 } } : change,
        ),
      },
    ],
    ['its risk', { changes: planOf(['unbind']).changes }],
    ['the prefix', { prefix: 'q.' }],
    ['the broker', { places: planOf().places.map((place) => ({ ...place, target: 'elsewhere' })) }],
  ])('is refused when it is another: %s', (_, changed) => {
    expect(against(planOf(), planOf([], changed))).toThrow(
      expect.objectContaining({ code: 'SLU0396' }),
    )
  })
  test.each<[string, (text: string) => string]>([
    ['changed by hand', (text) => text.replace('"p.new"', '"p.other"')],
    ['allowed by hand', (text) => text.replace('"risk": "refused"', '"risk": "allowed"')],
    ['cut off', (text) => text.slice(0, 200)],
    ['of another version', (text) => text.replace('"version": 1', '"version": 2')],
    ['something else', () => '[]'],
    ['without changes', () => '{"version":1,"allow":[]}'],
    ['empty', () => ''],
  ])('is not taken when it is %s', (_, edit) => {
    const file = fileOf(planOf())
    const before = readFileSync(file, 'utf8')
    expect(edit(before)).not.toBe(before)
    writeFileSync(file, edit(before))
    expect(() => readSaved(file)).toThrow(expect.objectContaining({ code: 'SLU0397' }))
  })
})

describe('carrying out', () => {
  const names = (changes: readonly PlannedChange[]) =>
    changes.map(({ symbol, name, field }) => `${symbol} ${name} ${field ?? ''}`.trim())

  test('does all but what is refused, in order, and an object made anew only once', async () => {
    const plan = planOf(['recreate', 'unbind'])
    const asked: PlannedChange[] = []
    const told: string[] = []
    const { done, refused, failed } = await execute(
      plan,
      (change) => Promise.resolve(void asked.push(change)),
      ({ name }) => told.push(name),
    )
    expect(failed).toBeUndefined()
    expect(names(asked)).toEqual([
      '+ p.shipping',
      '! p.parcels type',
      '- p.shipping → p.parcels key',
      '+ p.new',
      '~ p.orders maxBytes',
    ])
    expect(names(done)).toEqual([
      ...names(asked).slice(0, 2),
      '! p.parcels durable',
      ...names(asked).slice(2),
    ])
    expect(told).toEqual(done.map(({ name }) => name))
    expect(names(refused)).toEqual(['~ p.orders retention.time', '~ p.orders partitions'])
  })
  test('stops where something fails, and keeps what is done', async () => {
    const broken = new SluiceError('SLU5201')
    const { done, failed } = await execute(
      planOf(),
      ({ name }) => (name === 'p.new' ? Promise.reject(broken) : Promise.resolve()),
      () => {},
    )
    expect(names(done)).toEqual(['+ p.shipping'])
    expect(failed).toMatchObject({ change: { name: 'p.new' }, error: broken })
  })
  test('goes on when a queue is not empty any more', async () => {
    const full = new SluiceError('SLU0398', { message: 'it holds one' })
    const { done, refused, failed } = await execute(
      planOf(['recreate', 'unbind', 'partitions', 'retention']),
      ({ symbol }) => (symbol === '!' ? Promise.reject(full) : Promise.resolve()),
      () => {},
    )
    expect(failed).toBeUndefined()
    expect(refused.map(({ risk, code, reason }) => [risk, code, reason])).toEqual([
      ['refused', 'SLU0398', 'it holds one'],
      ['refused', 'SLU0398', 'it holds one'],
    ])
    expect(names(done)).toContain('~ p.orders partitions')
  })
})
