// Routes and splits on real brokers: the same course as on embedded ones, and a worker killed between the items of a message loses none.
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { FILES, inProject } from '../testing/project.ts'
import { createTopics, drainQueue, produce, readTopic, topicSize } from './support/brokers-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const ORDER = {
  type: 'object',
  required: ['id', 'sku', 'parts'],
  properties: {
    id: { type: 'string' },
    sku: { type: 'string' },
    parts: { type: 'array', items: { type: 'integer' } },
  },
}

const STEPS = `steps:
  - id: by_size
    route:
      branches:
        - when: event.data.parts.length > 4
          steps:
            - id: large
              command: { to: alerts, body: '{ total: event.data.parts.length }' }
        - when: event.data.parts.length > 0
          steps:
            - id: parts
              split:
                over: event.data.parts
                as: part
                steps:
                  - id: told
                    event: { to: billed, key: event.key, body: '{ total: part, note: event.data.id }' }
                  - id: check
                    call: { handler: charge, input: part }
                  - id: odd
                    when: part % 2 === 1
                    command: { to: alerts, body: '{ total: part }' }
      otherwise: { fail: an order of nothing }
`

const CONCURRENCY = 8
const PIPELINE = (FILES['pipelines/billing.yaml'] ?? '')
  .replace('order: key', `order: key\nconcurrency: ${CONCURRENCY}`)
  .replace(/steps:[^]*(?=failure:)/, () => STEPS)
  .replace('first: 30s, max: 30s', 'first: 100ms, max: 100ms')
  .replace(/ {2}guard: .*\n/, '')

const PROJECT = {
  'pipelines/fleet.yaml': (FILES['pipelines/fleet.yaml'] ?? '').replace(
    'fleet: shop',
    'fleet: shop\nprefix: ${SLUICE_PREFIX:-}',
  ),
  'schemas/events/order.json': JSON.stringify(ORDER),
  'pipelines/billing.yaml': PIPELINE,
}

const TESTS = `pipeline: billing
cases:
  - name: each item in its turn, and another attempt goes on at the item that failed
    given:
      handlers: { charge: [{ return: {} }, { throw: { message: busy } }, { return: {} }, { return: {} }] }
      events: [{ key: a, value: { id: a1, sku: x, parts: [1, 2, 3] } }]
    expect:
      commands: { alerts: [{ value: { total: 1 } }, { value: { total: 3 } }] }
      events:
        billed:
          - { value: { total: 1, note: a1 }, headers: { ce_id: a1/billing/told/0 } }
          - { value: { total: 2, note: a1 }, headers: { ce_id: a1/billing/told/1 } }
          - { value: { total: 3, note: a1 }, headers: { ce_id: a1/billing/told/2 } }
      counts: { acked: 1, retried: 1 }
      calls: { charge: 4 }
  - name: the first branch, and none
    given:
      events:
        - { key: a, value: { id: a1, sku: x, parts: [1, 1, 1, 1, 1] } }
        - { key: a, value: { id: a2, sku: x, parts: [] } }
    expect:
      commands: { alerts: [{ value: { total: 5 } }] }
      deadLetters: { orders.dlq: [{ code: SLU5115, step: by_size, contains: { id: a2 } }] }
`

interface Report {
  readonly cases: readonly {
    readonly status: string
    readonly failures: unknown
    readonly given: unknown
  }[]
}

test('real brokers agree with embedded ones', () =>
  inProject({ ...PROJECT, 'pipelines/billing.test.yaml': TESTS }, async (root) => {
    const run = async (...flags: string[]) => {
      const args = ['test', '--project', root, '--format', 'json', ...flags]
      const { code, stdout, stderr } = await sluice(args).finished
      expect({ code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
        code: 0,
        stderr: '',
        stdout: '',
      })
      return (JSON.parse(stdout) as Report).cases.map(({ status, failures, given }) => ({
        status,
        failures,
        given,
      }))
    }
    expect(await run('--real')).toEqual(await run())
  }))

const ORDERS = 2_000
const KEYS = 40
const PARTS = 4
const KILLS = 2

test('SIGKILL between the items of messages: each item has its effects, in order, and few are repeated', () =>
  inProject(PROJECT, async (root) => {
    const prefix = `e2e-${randomUUID().slice(0, 8)}.`
    const running: Running[] = []
    onTestFinished(async () => {
      for (const { child } of running) if (child.exitCode === null) child.kill('SIGKILL')
      await Promise.all(running.map(({ finished }) => finished))
    })
    const worker = (...args: string[]) => {
      const one = sluice(['run', 'billing', '--project', root, ...args], {
        SLUICE_PREFIX: prefix,
        NO_COLOR: '1',
      })
      running.push(one)
      return one
    }
    const topics = [
      { topic: `${prefix}orders`, numPartitions: 2 },
      { topic: `${prefix}billed`, numPartitions: 1 },
    ]
    await createTopics(topics)
    const load = Array.from({ length: ORDERS }, (_, index) => ({
      key: `k${index % KEYS}`,
      value: Buffer.from(
        JSON.stringify({
          id: `o${index}`,
          sku: 'x',
          parts: Array.from({ length: PARTS }, (_item, part) => part),
        }),
      ),
    }))
    await produce(`${prefix}orders`, load)
    const effects = () => topicSize(`${prefix}billed`)
    for (let kill = 0; kill < KILLS; kill++) {
      const before = await effects()
      const one = worker()
      await until('effects flow', async () => (await effects()) > before + 400)
      one.child.kill('SIGKILL')
      expect((await one.finished).signal).toBe('SIGKILL')
    }
    expect(await effects()).toBeLessThan(ORDERS * PARTS)
    const last = await worker('--until-idle', '--format', 'json').finished
    expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toEqual({
      code: 0,
      stderr: '',
    })

    const arrived = await readTopic(`${prefix}billed`)
    const times = new Map<string, number>()
    const latest = new Map<string, number>()
    const disordered: string[] = []
    for (const { key, headers } of arrived) {
      const id = String(headers['ce_id'])
      times.set(id, (times.get(id) ?? 0) + 1)
      if (times.get(id) !== 1) continue
      const [, order = '', item = ''] = /^o(\d+)\/billing\/told\/(\d+)$/.exec(id) ?? []
      const place = Number(order) * PARTS + Number(item)
      if (place < (latest.get(String(key)) ?? -1)) disordered.push(id)
      latest.set(String(key), place)
    }
    expect(disordered).toEqual([])
    expect(times.size).toBe(ORDERS * PARTS)
    const again = new Set(
      [...times].flatMap(([id, count]) => (count > 1 ? [id.split('/')[0]] : [])),
    )
    expect(again.size).toBeLessThanOrEqual(KILLS * 2 * CONCURRENCY)
    const commands = await drainQueue(`${prefix}alerts`)
    const odd = new Set(commands.map(({ properties }) => String(properties.messageId)))
    expect(odd.size).toBe(ORDERS * (PARTS / 2))
    console.info(`${again.size} of ${ORDERS} messages were done again after ${KILLS} kills`)
  }))
