// A desk whose orders fail twice and are parked each time: what feeds it, its workers, and what became of each order.
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { account, type Account } from '../../../workers/oracle/ledger.ts'
import { createTopics, readTopic, topicSize, type ReadMessage } from './brokers-io.ts'
import { sluice, type Running } from './worker-process.ts'

export const CONCURRENCY = 32

const SOURCES = {
  topic: '  orders: { in: events, partitions: 3, schema: events/order }\n',
  queue: 'queues:\n  orders: { in: work, schema: events/order }\n',
  jobs: 'jobs:\n  orders: { in: hot, schema: events/order }\n',
}
export type SourceKind = keyof typeof SOURCES

/** Every third order is refused twice, however often its worker is killed. */
const filesFor = (kind: SourceKind, handlerMs: number): Record<string, string> => ({
  'pipelines/fleet.yaml': `fleet: desk
prefix: \${SLUICE_PREFIX:-}
connections:
  events: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}' } }
  work: { rabbitmq: { host: '\${RABBITMQ_HOST:-localhost}', port: '\${RABBITMQ_PORT:-5672}', user: '\${RABBITMQ_USER:-guest}', password: { secret: RABBITMQ_PASSWORD } } }
  hot: { redis: { host: '\${REDIS_HOST:-localhost}', port: '\${REDIS_PORT:-6379}' } }
topics:
  noted: { in: events, partitions: 3, schema: events/order }
  billed: { in: events, partitions: 3, schema: events/order }
  orders.dlq: { in: events, deadLetters: true }
${SOURCES[kind]}`,
  'pipelines/billing.yaml': `pipeline: billing
from: { ${kind}: orders }
order: none
concurrency: ${CONCURRENCY}
window: 64
steps:
  - id: note
    event: { to: noted, body: '{ n: event.data.n }' }
  - id: charge
    call: { handler: charge, input: event.data }
  - id: announce
    event: { to: billed, body: '{ n: event.data.n }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient:
    retry:
      { attempts: 4, first: 10ms, max: 10ms, jitter: none, park: { after: 1, tiers: [2s, 4s] } }
    deadLetter: orders.dlq
  defect: { deadLetter: orders.dlq }
`,
  'schemas/events/order.json':
    '{ "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"], "additionalProperties": false }',
  'workers/handlers/charge.ts': `export default async ({ n }: { readonly n: number }, { message }: { readonly message: { readonly attempt: number } }) => {
  await new Promise((done) => setTimeout(done, ${handlerMs}))
  if (n % 3 === 0 && message.attempt < 3) throw new Error('not yet')
  return {}
}
`,
})

/** A sender that claims to have come from a tier: it is not believed. */
export const FORGED = { 'sluice-park-attempt': '4', 'sluice-park-done': 'note,announce' }

export interface ParkingDesk {
  readonly prefix: string
  worker(...args: string[]): Running
  billed(): Promise<number>
  /** What became of so many orders; so many may have been done again. `residue`: what is left where they waited, by name. */
  account(orders: number, repeats: number, residue: Record<string, number>): Promise<Account>
  end(): Promise<void>
}

const seen = ({ value }: ReadMessage) => ({
  id: String((JSON.parse(String(value)) as { n: number }).n),
  key: undefined,
})

export async function openParkingDesk(kind: SourceKind, handlerMs = 0): Promise<ParkingDesk> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-parking-'))
  const prefix = `park-${randomUUID().slice(0, 8)}.`
  const workers: Running[] = []
  for (const [file, text] of Object.entries(filesFor(kind, handlerMs))) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const topics = [...(kind === 'topic' ? ['orders'] : []), 'noted', 'billed']
  await createTopics(topics.map((name) => ({ topic: prefix + name, numPartitions: 3 })))
  return {
    prefix,
    worker(...args) {
      const env = { SLUICE_PREFIX: prefix, NO_COLOR: '1' }
      const one = sluice(['--project', root, 'run', 'billing', ...args], env)
      workers.push(one)
      return one
    },
    billed: () => topicSize(`${prefix}billed`),
    async account(orders, repeats, residue) {
      const entries = Array.from({ length: orders }, (_, n) => ({
        id: String(n),
        key: '',
        place: n,
        fatal: false,
      }))
      const effects = new Map(
        await Promise.all(
          (['noted', 'billed'] as const).map(
            async (sink) => [sink, (await readTopic(prefix + sink)).map(seen)] as const,
          ),
        ),
      )
      const dead = (await topicSize(`${prefix}orders.dlq`)) > 0
      const letters = (dead ? await readTopic(`${prefix}orders.dlq`) : []).map((letter) => ({
        ...seen(letter),
        code: String(letter.headers['sluice-dlq-code']),
      }))
      const left = Object.entries(residue).filter(([, count]) => count > 0)
      return account(
        entries,
        { effects, letters, residue: Object.fromEntries(left) },
        { repeats, ordered: [], robbed: [] },
      )
    },
    async end() {
      for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
      await Promise.all(workers.map(({ finished }) => finished))
      rmSync(root, { recursive: true })
    },
  }
}
