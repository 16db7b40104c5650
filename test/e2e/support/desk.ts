// A project whose messages all fail, under its own prefix on the shared brokers: what stands on its dead letters, and people who work on them.
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import kafkajs from 'kafkajs'
import { expect, onTestFinished } from 'vitest'
import type { AuditLine } from '../../../workers/ops/dlq/audit.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { management } from '../../support/management.ts'
import { readTopic, type ReadMessage } from './brokers-io.ts'
import { sluice, type Finished, type Running } from './worker-process.ts'

const FILES: Readonly<Record<string, string>> = {
  'pipelines/fleet.yaml': `
fleet: desk
prefix: \${SLUICE_PREFIX:-}
connect: { within: 10s }
connections:
  events: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS}', client: '\${KAFKA_CLIENT:-kafkajs}' } }
  work:
    rabbitmq:
      host: \${RABBITMQ_HOST}
      port: \${RABBITMQ_PORT}
      user: \${RABBITMQ_USER}
      password: { secret: RABBITMQ_PASSWORD }
      vhost: \${RABBITMQ_VIRTUAL_HOST}
  hot: { redis: { host: '\${REDIS_HOST}', port: '\${REDIS_PORT}' } }
state: { in: hot }
audit: { file: out/audit.jsonl }
topics:
  requests: { in: events, partitions: 4, schema: order, envelope: { id: data.id } }
  oddities: { in: events, partitions: 1, schema: order, envelope: { id: data.id } }
  requests.dlq: { in: events, partitions: 2, deadLetters: true, retention: { time: 1d } }
queues:
  tasks: { in: work, schema: order }
  tasks.dlq: { in: work, type: stream, deadLetters: true }
jobs:
  trainings: { in: hot, schema: order }
`,
  'pipelines/requests.yaml': `
pipeline: requests
from: { topic: requests }
order: key
steps:
  - id: total
    map: { value: event.data.total }
failure:
  invalid: { deadLetter: requests.dlq }
  transient: { retry: { attempts: 2, first: 1ms, max: 2ms, jitter: none }, deadLetter: requests.dlq }
  defect: { deadLetter: requests.dlq }
`,
  'pipelines/tasks.yaml': `
pipeline: tasks
from: { queue: tasks }
order: none
steps:
  - id: total
    map: { value: event.data.total }
failure:
  invalid: { deadLetter: tasks.dlq }
  transient: { retry: { attempts: 2, first: 1ms, max: 2ms, jitter: none }, deadLetter: tasks.dlq }
  defect: { deadLetter: tasks.dlq }
`,
  'pipelines/oddities.yaml': `
pipeline: oddities
from: { topic: oddities }
order: key
steps:
  - id: total
    map: { value: event.data.total }
failure:
  invalid: { deadLetter: tasks.dlq }
  transient: { retry: { attempts: 2, first: 1ms, max: 2ms, jitter: none }, deadLetter: tasks.dlq }
  defect: { deadLetter: tasks.dlq }
`,
  'pipelines/trainings.yaml': `
pipeline: trainings
from: { jobs: trainings }
order: none
steps:
  - id: total
    map: { value: event.data.total }
failure:
  invalid: { deadLetter: trainings }
  transient: { retry: { attempts: 2, first: 1ms, max: 2ms, jitter: none }, deadLetter: trainings }
  defect: { deadLetter: trainings }
`,
  'schemas/order.json': JSON.stringify({
    type: 'object',
    required: ['id', 'total'],
    properties: { id: { type: 'string' }, total: { type: 'integer', minimum: 0 } },
  }),
}

const TO_TOPIC = [
  'audit: { file: out/audit.jsonl }\ntopics:\n',
  'audit: { topic: trail }\ntopics:\n  trail: { in: events }\n',
] as const

export interface Desk {
  readonly prefix: string
  start(args: readonly string[], env?: Record<string, string>): Running
  /** Expects it to end with that code; what it printed as JSON. */
  json(args: readonly string[], code?: number): Promise<Record<string, unknown>>
  run(args: readonly string[], env?: Record<string, string>): Promise<Finished>
  /** So many requests that fit no schema, until all of them are dead letters. */
  fail(count: number): Promise<void>
  /** What was replayed to the topic, by letter. */
  replayed(): Promise<Map<string, ReadMessage[]>>
  audit(): Promise<AuditLine[]>
  readonly admin: kafkajs.Admin
}

/** `audit`: where its lines go; a file, or the topic `trail`. */
export async function openDesk(audit: 'file' | 'topic' = 'file'): Promise<Desk> {
  const prefix = `desk-${randomUUID().slice(0, 8)}.`
  const root = await mkdtemp(join(tmpdir(), 'sluice-desk-'))
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), audit === 'topic' ? text.replace(...TO_TOPIC) : text)
  }
  const { Kafka, logLevel } = kafkajs
  const brokers = fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const running: Running[] = []
  onTestFinished(async () => {
    for (const { child } of running) if (child.exitCode === null) child.kill('SIGKILL')
    await Promise.all(running.map(({ finished }) => finished))
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix))
    if (topics.length > 0) await admin.deleteTopics({ topics })
    await admin.disconnect()
    await management.removeBelow(prefix)
    await rm(root, { recursive: true })
  })
  const start = (args: readonly string[], env: Record<string, string> = {}) => {
    const one = sluice([...args, '--project', root], {
      SLUICE_PREFIX: prefix,
      SLUICE_ACTOR: 'ann',
      NO_COLOR: '1',
      ...env,
    })
    running.push(one)
    return one
  }
  const run = (args: readonly string[], env?: Record<string, string>) => start(args, env).finished
  return {
    prefix,
    start,
    run,
    async json(args, code = 0) {
      const finished = await run([...args, '--format', 'json'])
      expect(finished.code, finished.stderr).toBe(code)
      return JSON.parse(finished.stdout) as Record<string, unknown>
    },
    async fail(count) {
      const lines = Array.from({ length: count }, (_, n) =>
        JSON.stringify({ key: `k${n % 20}`, value: { id: `e${n}`, total: -1 } }),
      )
      await writeFile(join(root, 'feed.jsonl'), lines.join('\n'))
      const feed = ['--feed', `requests=${join(root, 'feed.jsonl')}`]
      const { code, stderr } = await run(['run', 'requests', ...feed, '--until-idle'])
      expect(code, stderr).toBe(0)
    },
    async replayed() {
      const messages = await readTopic(`${prefix}requests`)
      const of = ({ headers }: ReadMessage) => headers['sluice-replay-of']?.toString()
      const back = messages.filter((message) => of(message) !== undefined)
      return Map.groupBy(back, (message) => of(message) as string)
    },
    async audit() {
      const lines =
        audit === 'topic'
          ? (await readTopic(`${prefix}trail`)).map(({ value }) => String(value))
          : (await readFile(join(root, 'out/audit.jsonl'), 'utf8')).trimEnd().split('\n')
      return lines.map((line) => JSON.parse(line) as AuditLine)
    },
    admin,
  }
}
