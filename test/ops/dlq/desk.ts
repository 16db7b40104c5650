// A fleet with dead letters on embedded brokers in virtual time, and operators who work on them and may be killed at any call.
import { expect } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { OutMessage, StateDriver } from '../../../workers/core/contract.ts'
import { silentLog } from '../../../workers/core/log.ts'
import type { LogView } from '../../../workers/core/log-view.ts'
import { headerText } from '../../../workers/core/message.ts'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import { createEmbeddedLogDriver } from '../../../workers/drivers/embedded/log-driver.ts'
import { createEmbeddedQueueDriver } from '../../../workers/drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from '../../../workers/drivers/embedded/queues.ts'
import { EmbeddedRedis } from '../../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../../workers/drivers/embedded/state-driver.ts'
import { EmbeddedTopics } from '../../../workers/drivers/embedded/topics.ts'
import type { AuditLine } from '../../../workers/ops/dlq/audit.ts'
import { campaign, type Done } from '../../../workers/ops/dlq/campaign.ts'
import {
  destinationsOf,
  lettersOf,
  type Destination,
  type Reach,
} from '../../../workers/ops/dlq/destinations.ts'
import type { Edit } from '../../../workers/ops/dlq/edit.ts'
import { Ledger, statusOf } from '../../../workers/ops/dlq/ledger.ts'
import type { Letter } from '../../../workers/ops/dlq/letter.ts'
import { Operator } from '../../../workers/ops/dlq/operator.ts'
import { Selection, type Wanted } from '../../../workers/ops/dlq/selection.ts'
import { createTracer } from '../../../workers/telemetry/tracer.ts'
import { compile, edited, FLEET, PIPELINE } from '../../compile/project.ts'
import { stored, type Written } from './support.ts'

const WITH_QUEUES = edited(
  'queues:',
  'state: { in: hot }\nqueues:\n  tasks: { in: work, schema: events/order }\n  tasks.dlq: { in: work, type: stream, deadLetters: true }',
  FLEET,
)
const TASKS = `pipeline: working
from: { queue: tasks }
order: none
steps:
  - id: announce
    event: { to: billed, key: event.key, body: event.data }
failure:
  invalid: { deadLetter: tasks.dlq }
  transient: { retry: { attempts: 1, first: 1s, max: 1s, jitter: none }, deadLetter: tasks.dlq }
  defect: { deadLetter: tasks.dlq }
`

export interface DeskOptions {
  /** This call, counted from 1 over the ledger, the broker and the audit log, is the last one; done or not. */
  readonly killedAt?: number
  readonly done?: boolean
  readonly maxReplays?: number
  readonly edit?: Edit
  readonly resend?: boolean
  /** How long each call takes, milliseconds; nothing if it is not said. */
  readonly callMs?: () => number
  /** How long each look at a topic takes. */
  readonly lookMs?: number
  /** What is older than this offset the broker has forgotten. */
  readonly forgotten?: number
}

class Killed extends Error {}

/** `once`: whether the pipeline that reads the queue remembers what it did. */
export async function openDesk({ once = false } = {}) {
  const compiled = compile({
    'pipelines/fleet.yaml': withEnvelope(WITH_QUEUES),
    'pipelines/billing.yaml': PIPELINE,
    'pipelines/working.yaml': once
      ? TASKS.replace('order:', 'once: { window: 1h }\norder:')
      : TASKS,
  })
  expect(compiled.diagnostics).toEqual([])
  const plan = compiled.plan as FleetPlan
  const clock = createVirtualClock(Date.UTC(2026, 0, 5))
  const world = { ...systemWorld, clock }
  const context = { world, log: silentLog, origin: 'test', clientId: 'test' }
  const topics = new EmbeddedTopics()
  const queues = new EmbeddedQueues(clock)
  const log = createEmbeddedLogDriver(topics, context)
  const queue = createEmbeddedQueueDriver(queues, context)
  const state = createEmbeddedStateDriver(new EmbeddedRedis(clock).state, context)
  for (const driver of [log, queue, state]) await driver.connect()
  const addressed = <T extends { name: string }>(one: T) => ({ ...one, address: one.name })
  await log.ensureTopics(Object.values(plan.topics).map(addressed))
  await queue.ensureQueues(Object.values(plan.queues).map(addressed))
  const lines: AuditLine[] = []
  const { tracer } = createTracer(world, {}, silentLog, { backpressure: true, version: '0' })
  const destination = (name: string) => destinationsOf(plan, [name])[0] as Destination
  let operators = 0

  /** Somebody at a terminal: a process of its own, which may die. */
  function operator({ killedAt = Infinity, done = true, ...options }: DeskOptions = {}) {
    let calls = 0
    const mortal =
      <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        calls++
        if (options.callMs !== undefined) await clock.sleep(options.callMs())
        if (calls > killedAt || (calls === killedAt && !done)) throw new Killed()
        const answer = await call(...args)
        if (calls === killedAt) throw new Killed()
        return answer
      }
    const dying: StateDriver = {
      ...state,
      claim: mortal(state.claim),
      settle: mortal(state.settle),
      write: mortal(state.write),
      read: mortal(state.read),
      remove: mortal(state.remove),
    }
    const reach: Reach = {
      plan,
      prefix: '',
      formats: () => undefined,
      connections: {
        log: () => ({
          ...log,
          sink: (topic) => ({ send: mortal(log.sink(topic).send) }),
          view: (topic) => seen(log.view(topic), options),
        }),
        jobs: () => {
          throw new Error('no jobs here')
        },
        queue: () => ({ ...queue, sink: (one) => ({ send: mortal(queue.sink(one).send) }) }),
      },
    }
    const ledger = new Ledger({ state: dying, namespace: 'shop', token: `run-${++operators}` })
    const by = new Operator({
      reach,
      ledger,
      audit: {
        write: mortal((line: AuditLine) => {
          lines.push(line)
          return Promise.resolve()
        }),
      },
      actor: `ann-${operators}`,
      maxReplays: options.maxReplays ?? 3,
      resend: options.resend ?? false,
      edit: options.edit,
      tracer,
      world,
    })
    return { by, reach, ledger, calls: () => calls }
  }

  function seen(view: LogView, { lookMs = 0, forgotten = 0 }: DeskOptions): LogView {
    return {
      async ranges() {
        const ranges = await view.ranges()
        return ranges.map((range) => ({ ...range, from: Math.min(forgotten, range.to) }))
      },
      async *read(range) {
        if (lookMs > 0) await clock.sleep(lookMs)
        yield* view.read(range)
      },
    }
  }

  /** A whole run of `dlq replay`, with time passing whenever nothing is left to do. */
  async function replay(
    name = 'orders.dlq',
    options: DeskOptions & { rate?: number } = {},
    wanted: Partial<Wanted> = {},
  ): Promise<Done> {
    const one = operator(options)
    const where = destination(name)
    const selection = new Selection(one.reach, where, {
      whats: [],
      where: undefined,
      group: undefined,
      ...wanted,
    })
    const known = await new Ledger({ state, namespace: 'shop', token: 'look' }).all()
    return passing(
      campaign(selection.letters(known), {
        clock,
        rate: options.rate,
        act: (letter) =>
          letter.kind === 'letter'
            ? one.by.replay(letter, where)
            : Promise.reject(new Error(letter.why)),
        told: () => {},
        signal: new AbortController().signal,
      }),
    )
  }

  async function passing<T>(work: Promise<T>): Promise<T> {
    let over = false
    const ended = work.finally(() => (over = true))
    ended.catch(() => {})
    while (!over) await clock.advance(Math.min(1_000, clock.untilNext() ?? 0))
    return ended
  }

  return {
    plan,
    clock,
    lines,
    log,
    queue,
    queues,
    topics,
    operator,
    replay,
    passing,
    destination,
    look: () => new Ledger({ state, namespace: 'shop', token: 'look' }),
    /** Letters as the runtime wrote them, one a call. */
    async fail(...letters: readonly Written[]) {
      const sink = log.sink({ ...plan.topics['orders.dlq']!, address: 'orders.dlq' })
      for (const letter of letters) await sink.send({ ...outOf(letter) })
    },
    async failTask(...letters: readonly Written[]) {
      const sink = queue.sink({ ...plan.queues['tasks.dlq']!, address: 'tasks.dlq' })
      for (const letter of letters) await sink.send({ ...outOf(letter) })
    },
    /** What was replayed to the topic `orders`, in the order of its partitions. */
    arrived: () =>
      (topics.get('orders')?.partitions ?? []).flatMap(({ messages }) =>
        messages.map((message) => ({
          ...message,
          text: message.value === null ? null : Buffer.from(message.value).toString(),
          of: headerText(message.headers, 'sluice-replay-of'),
        })),
      ),
  }
}

const outOf = (letter: Written): OutMessage => ({
  ...stored(letter),
  id: 'letter',
  contentType: 'application/octet-stream',
})

const withEnvelope = (fleet: string) =>
  fleet.replace(
    'orders: { in: events, schema: events/order }',
    'orders: { in: events, schema: events/order, envelope: { id: data.id } }',
  )

export type Desk = Awaited<ReturnType<typeof openDesk>>

export async function first(desk: Desk, name = 'orders.dlq'): Promise<Letter> {
  for await (const letter of lettersOf(desk.operator().reach, desk.destination(name)))
    if (letter.kind === 'letter') return letter
  throw new Error('there is no letter')
}

export const one = async (desk: Desk, options: DeskOptions = {}) =>
  desk.operator(options).by.replay(await first(desk), desk.destination('orders.dlq'))

export const status = async (desk: Desk, letter: Letter) =>
  statusOf(await desk.look().read(letter.key))
