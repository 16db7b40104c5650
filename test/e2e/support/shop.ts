// A project of its own for one test of `plan` and `apply`, under its own prefix on the shared brokers; all of it is gone afterwards.
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { expect, onTestFinished } from 'vitest'
import type { Change } from '../../../workers/ops/changes.ts'
import type { PlanDocument } from '../../../workers/ops/saved-plan.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { management } from '../../support/management.ts'
import { sluice, type Finished, type Running } from './worker-process.ts'

const FLEET = `
fleet: shop
prefix: \${SLUICE_PREFIX:-}
connections:
  events: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS}', client: '\${KAFKA_CLIENT:-kafkajs}' } }
  work:
    rabbitmq:
      host: \${RABBITMQ_HOST}
      port: \${RABBITMQ_PORT}
      user: \${RABBITMQ_USER}
      password: { secret: RABBITMQ_PASSWORD }
      vhost: \${RABBITMQ_VIRTUAL_HOST}
      management: { port: '\${RABBITMQ_MANAGEMENT_PORT}' }
topics:
  orders: { in: events, partitions: 2, schema: commands/order, retention: { time: 7d } }
  orders.dlq: { in: events, partitions: 1, deadLetters: true }
exchanges:
  shipping: { in: work, type: topic, schema: commands/order }
queues:
  parcels: { in: work, type: quorum, schema: commands/order, bindings: [{ exchange: shipping, key: 'eu.#' }] }
  letters: { in: work, type: classic, schema: commands/order, limit: { messages: 100, overflow: reject } }
`

export interface Shop {
  readonly prefix: string
  readonly file: (name: string) => string
  /** Replaces in fleet.yaml what is there once. */
  edit(from: string, to: string): Promise<void>
  start(...args: string[]): Running
  run(...args: string[]): Promise<Finished>
  /** `plan --format json`. */
  plan(...args: string[]): Promise<PlanDocument>
  /** Asks Kafka as somebody else would. */
  readonly kafka: kafkajs.Admin
}

export async function openShop(): Promise<Shop> {
  const prefix = `shop-${randomUUID().slice(0, 8)}.`
  const root = await mkdtemp(join(tmpdir(), 'sluice-shop-'))
  const { Kafka, logLevel } = kafkajs
  const brokers = fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await kafka.connect()
  const fleet = join(root, 'pipelines/fleet.yaml')
  await mkdir(join(root, 'pipelines'))
  await mkdir(join(root, 'schemas/commands'), { recursive: true })
  await writeFile(fleet, FLEET)
  await writeFile(
    join(root, 'schemas/commands/order.json'),
    JSON.stringify({ type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }),
  )
  const running: Running[] = []
  onTestFinished(async () => {
    for (const { child } of running) if (child.exitCode === null) child.kill('SIGKILL')
    await Promise.all(running.map(({ finished }) => finished))
    const topics = (await kafka.listTopics()).filter((name) => name.startsWith(prefix))
    if (topics.length > 0) await kafka.deleteTopics({ topics })
    await kafka.disconnect()
    await management.removeBelow(prefix)
    await rm(root, { recursive: true })
  })
  const start = (...args: string[]) => {
    const one = sluice([...args, '--project', root], { SLUICE_PREFIX: prefix, NO_COLOR: '1' })
    running.push(one)
    return one
  }
  return {
    prefix,
    file: (name) => join(root, name),
    async edit(from, to) {
      const text = await readFile(fleet, 'utf8')
      expect(text.split(from)).toHaveLength(2)
      await writeFile(fleet, text.replace(from, to))
    },
    start,
    run: (...args) => start(...args).finished,
    async plan(...args) {
      const { code, stdout, stderr } = await start('plan', '--format', 'json', ...args).finished
      expect([code, stderr]).toEqual([0, ''])
      return JSON.parse(stdout) as PlanDocument
    },
    kafka,
  }
}

/** `~ topic orders partitions 2 → 4 refused` */
export const lineOf = (prefix: string, { symbol, kind, name, field, from, to, risk }: Change) =>
  `${symbol} ${kind} ${name.replaceAll(prefix, '')}${field === null ? '' : ` ${field} ${String(from)} → ${typeof to === 'object' ? 'null' : String(to)}`} ${risk}`
