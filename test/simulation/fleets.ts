// Projects that between them have every kind of source and of step, each to be simulated.
import type { Handler } from '../../workers/core/handler.ts'
import { FILES } from '../testing/project.ts'
import { QUEUED } from '../testing/queued.ts'
import { SCHEDULED } from '../testing/scheduled.ts'
import { ADDING, WORKING } from '../testing/working.ts'

export type Files = Readonly<Record<string, string>>

const FLEET = `${FILES['pipelines/fleet.yaml']}`
const BILLING = `${FILES['pipelines/billing.yaml']}`

/** What a step of the shop becomes when it is another. */
const edited = (text: string, ...edits: readonly (readonly [from: string, to: string])[]) =>
  edits.reduce((edit, [from, to]) => {
    if (!edit.includes(from)) throw new Error(`there is no ${from}`)
    return edit.replace(from, () => to)
  }, text)

const project = (fleet: string, pipeline: string): Files => ({
  'pipelines/fleet.yaml': fleet,
  'pipelines/billing.yaml': pipeline,
})

const SHORT = ['first: 30s, max: 30s', 'first: 1s, max: 1s'] as const
const STATE = 'state: { in: hot }\n'
const STORES = 'stores:\n  totals: { in: hot, as: hash, ttl: 1h, schema: events/bill }\n'
const REMEMBER = `  - id: remember
    store: { in: totals, key: event.data.id, value: '{ total: price.total }' }
`
/** With a store among the steps, and a state store. */
export const recorded = (order: string, first = ''): Files =>
  project(
    FLEET + STATE + STORES,
    edited(
      BILLING,
      ['order: key', `${order}\nconcurrency: 16`],
      ['steps:\n', `steps:\n${first}`],
      ['  - id: settle\n', `${REMEMBER}  - id: settle\n`],
    ),
  )

export const FRESH = `  - id: fresh
    dedupe: { key: event.data.sku.length, window: 2h }
`

const TIMED = {
  type: 'object',
  required: ['id', 'sku', 'at', 'n'],
  properties: {
    id: { type: 'string' },
    sku: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
    n: { type: 'integer', minimum: -1000, maximum: 1000 },
  },
}
/** Counted by the second, before everything else that is done for a message. */
export const windowed = (order: string, source = FLEET): Files => ({
  ...project(
    edited(source + STATE, ['{ id: data.id }', '{ id: data.id, time: data.at }']),
    edited(
      BILLING,
      ['order: key', `${order}\nconcurrency: 16`],
      [
        'steps:\n',
        `steps:
  - id: closed
    window: { by: event.data.sku.length % 3, every: 1s, late: 200ms, idle: 2s, measure: { n: event.data.n } }
  - id: each
    split:
      over: closed
      as: one
      steps: [{ id: roll, event: { to: billed, body: '{ total: one.count, note: one.id }' } }]
`,
      ],
    ),
  ),
  'schemas/events/order.json': JSON.stringify(TIMED),
})

const ONCE = 'once: { window: 1h }\norder: none'
const PARK = ['jitter: none }', 'jitter: none, park: { after: 1, tiers: [2s, 20s] } }'] as const

const ASKED = 'queues:\n  quotes: { in: work, schema: events/order, reply: events/bill }\n'
const FORGET = `  - id: changed
    when: price.total > 50
    forget: { in: prices, tag: event.data.sku.length }
  - id: settle
`
const LOAD = `    cache:
      in: prices
      key: event.data.sku
      load: { call: quote, input: event.data }
`

const byTime: Handler<unknown, unknown> = (firing) => ({
  total: (Number((firing as { scheduled_at: string }).scheduled_at.slice(-4, -1)) * 37) % 200,
})

interface Sort {
  readonly files: Files
  readonly handlers?: Readonly<Record<string, Handler<unknown, unknown>>>
  /** Of the invariants those that have nothing to look at there. */
  readonly never: readonly string[]
  /** Seeds that broke something once, and what that was. */
  readonly broke?: Readonly<Record<number, string>>
}

export const FLEETS: Readonly<Record<string, Sort>> = {
  'a topic, in the order of keys': { files: {}, never: [] },
  'a topic, with a state store': { files: project(FLEET + STATE, BILLING), never: [] },
  'a topic, in no order': {
    files: project(FLEET, edited(BILLING, ['order: key', 'order: none'])),
    never: ['order'],
  },
  'a topic, with a small window': {
    files: project(
      FLEET,
      edited(BILLING, ['order: key', 'order: key\nconcurrency: 4\nwindow: 8'], SHORT),
    ),
    never: [],
  },
  'a queue': { files: project(QUEUED.fleet, QUEUED.pipeline), never: ['order'] },
  'a queue, once': {
    files: project(QUEUED.fleet + STATE, edited(QUEUED.pipeline, ['order: none', ONCE], SHORT)),
    never: ['order'],
    broke: { 6: 'what was delivered again took over from its repeat at work in the same process' },
  },
  jobs: { files: project(WORKING.fleet, WORKING.pipeline), never: ['order'] },
  'jobs, once': {
    files: project(WORKING.fleet + STATE, edited(WORKING.pipeline, ['order: none', ONCE], SHORT)),
    never: ['order'],
  },
  'a schedule': {
    files: project(SCHEDULED.fleet, SCHEDULED.pipeline),
    handlers: { quote: byTime, charge: () => ({}) },
    // A firing holds nothing that could be hostile.
    never: ['order', 'hostile'],
  },
  'a job among the steps': { files: project(ADDING.fleet, ADDING.pipeline), never: [] },
  'a store among the steps, once': { files: recorded(ONCE), never: ['order'] },
  'dedupe, in no order': { files: recorded('order: none', FRESH), never: ['order'] },
  'dedupe, in the order of keys': { files: recorded('order: key', FRESH), never: [] },
  'dedupe, once': {
    files: recorded(ONCE, FRESH),
    never: ['order'],
    broke: {
      6: 'the identity was marked, the process died, and the key of the dedupe step was not',
    },
  },
  'a window, in the order of keys': { files: windowed('order: key'), never: [] },
  'a window, in the order of partitions': { files: windowed('order: partition'), never: [] },
  'a window, once': { files: windowed(ONCE), never: ['order'] },
  'a window, parking': {
    files: {
      ...windowed('order: none'),
      'pipelines/billing.yaml': edited(
        `${windowed('order: none')['pipelines/billing.yaml']}`,
        PARK,
        SHORT,
      ),
    },
    never: ['order'],
  },
  parking: {
    broke: { 51: 'who joined a group twice stayed in it when it left' },
    files: project(FLEET, edited(BILLING, ['order: key', 'order: none'], PARK, SHORT)),
    never: ['order'],
  },
  'jobs, parking': {
    files: project(WORKING.fleet, edited(WORKING.pipeline, PARK, SHORT)),
    never: ['order'],
  },
  'a queue, parking': {
    files: project(QUEUED.fleet, edited(QUEUED.pipeline, PARK, SHORT)),
    never: ['order'],
  },
  'parking, once': {
    broke: { 2: 'quarantine took the lanes of parked messages for those of the topic' },
    files: project(FLEET + STATE, edited(BILLING, ['order: key', ONCE], PARK, SHORT)),
    never: ['order'],
  },
  'a breaker': {
    files: project(
      `${FLEET}policies:
  breakers:
    payments: { window: 4, minimum: 1, failureRate: 25, open: 3s, probes: 1, patience: 10s }
`,
      edited(BILLING, ['handler: charge,', 'handler: charge, breaker: payments,'], SHORT),
    ),
    never: [],
  },
  'a question among the steps': {
    files: project(
      edited(FLEET, ['queues:\n', ASKED]),
      edited(BILLING, [
        LOAD,
        `    request: { to: quotes, body: '{ id: event.data.id, sku: event.data.sku }', timeout: 2s }\n`,
      ]),
    ),
    never: [],
  },
  'a question as the source': {
    files: project(
      edited(FLEET, ['queues:\n', ASKED]),
      edited(
        BILLING,
        ['from: { topic: orders }', 'from: { queue: quotes }'],
        ["when: event.data.sku !== 'free'\n", ''],
        ['order: key', 'order: none'],
        ['failure:', "reply: '{ total: price.total }'\nfailure:"],
      ),
    ),
    never: ['order'],
  },
  'an exchange and a map among the steps': {
    files: project(
      FLEET,
      edited(
        BILLING,
        [
          "    command: { to: alerts, body: '{ total: price.total }' }\n",
          `    command: { to: notices, key: "price.total > 150 ? 'dear.eu' : 'dear.us'", body: '{ total: price.total }' }
  - id: half
    map: { value: price.total / 2 }
`,
        ],
        [
          "event: { to: billed, body: '{ total: price.total }' }",
          "event: { to: billed, body: '{ total: half }' }",
        ],
      ),
    ),
    never: [],
  },
  'stored values with versions': {
    files: {
      ...recorded(ONCE),
      'pipelines/billing.yaml': edited(recorded(ONCE)['pipelines/billing.yaml'] ?? '', [
        'totals, key: event.data.id,',
        'totals, key: event.data.sku, version: event.data.id.length,',
      ]),
    },
    never: ['order'],
  },
  'one load in the whole fleet, and what is forgotten': {
    files: project(
      edited(FLEET, ['ttl: 5m', 'ttl: 1s, jitter: 50, flight: fleet, staleWhileRevalidate: 3s']),
      edited(
        BILLING,
        SHORT,
        ['      load:', "      tags: '[event.data.sku.length]'\n      load:"],
        ['  - id: settle\n', FORGET],
      ),
    ),
    never: [],
  },
  'an exact cache': {
    files: project(
      edited(
        FLEET,
        ['ttl: 5m', 'ttl: 1s, staleWhileRevalidate: 3s'],
        ['whenDown: bypass', 'whenDown: fail'],
      ),
      edited(BILLING, SHORT),
    ),
    never: [],
  },
}
