// Topics in Avro on real brokers: bytes that were put together by hand are read, what is written has the bytes that Avro says, another
// team's version is resolved to ours, and `plan` asks the registry before anything changes.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRegistry, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { createTopics, produce, readTopic } from './support/brokers-io.ts'
import {
  registerSchema,
  schemaOf,
  setLevel,
  unwired,
  versionsOf,
  wire,
} from './support/registry-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'registry-fleet')

let registry: IsolatedBroker
let prefix: string
let running: Running[]

beforeAll(async () => {
  registry = await startRegistry()
  Object.assign(process.env, registry.env)
}, 180_000)
afterAll(() => registry.stop())
beforeEach(async () => {
  prefix = `avro-${randomUUID().slice(0, 8)}.`
  running = []
  const topics = ['readings', 'verdicts', 'measures', 'ratings', 'readings.dlq']
  await createTopics(topics.map((topic) => ({ topic: prefix + topic, numPartitions: 1 })))
})
afterEach(async () => {
  for (const { child } of running) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(running.map(({ finished }) => finished))
})

function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const one = sluice([...args, '--project', PROJECT], {
    SLUICE_PREFIX: prefix,
    NO_COLOR: '1',
    ...env,
  })
  running.push(one)
  return one
}

/** Avro by hand: a length is twice itself, as long as it is short. */
const text = (value: string) =>
  Buffer.concat([Buffer.from([Buffer.byteLength(value) * 2]), Buffer.from(value)])
function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
const measure = (id: string, kilos: number, note?: string) =>
  Buffer.concat([
    text(id),
    double(kilos),
    note === undefined ? Buffer.from([0]) : Buffer.concat([Buffer.from([2]), text(note)]),
  ])

const THEIRS = {
  type: 'record',
  name: 'Measure',
  namespace: 'proof',
  fields: [
    { name: 'station', type: 'bytes' },
    { name: 'kilos', type: 'int' },
    { name: 'id', type: 'string' },
  ],
}
const letters = async () =>
  new Map(
    (await readTopic(`${prefix}readings.dlq`)).map(({ headers, value }) => [
      String(headers['sluice-dlq-code']),
      value,
    ]),
  )
const ratings = async () =>
  (await readTopic(`${prefix}ratings`)).map(({ value }) => unwired(value as Buffer))

describe.each(KAFKA_CLIENTS)('on %s', (client) => {
  test('what was written elsewhere is read, what is written is what Avro says, and what is broken is a letter', async () => {
    const one = start(['run', 'rating'], { KAFKA_CLIENT: client })
    await one.said(/The worker runs/)
    const ours = await registerSchema(`${prefix}measures-value`, 'AVRO', {
      type: 'record',
      name: 'Measure',
      namespace: 'proof',
      fields: [
        { name: 'id', type: 'string' },
        { name: 'kilos', type: 'double' },
        { name: 'note', type: ['null', 'string'], default: null },
      ],
    })
    // It is the one that the worker has registered.
    expect(await versionsOf(`${prefix}measures-value`)).toEqual([1])
    const theirs = await registerSchema(`${prefix}theirs-value`, 'AVRO', THEIRS)
    const strange = await registerSchema(`${prefix}strange-value`, 'AVRO', {
      ...THEIRS,
      fields: [{ name: 'id', type: 'string' }],
    })
    const json = await registerSchema(`${prefix}json-value`, 'JSON', {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
    })
    const broken = new Map([
      ['SLU5013', wire(json, '{"id":"x","kilos":1}')],
      ['SLU5015', wire(strange, text('x'))],
      // A billion items, as far as the bytes say.
      ['SLU5016', wire(ours, Buffer.from('80d0acf30e', 'hex'))],
      ['SLU5002', wire(ours, measure('below', -1))],
    ])
    await produce(
      `${prefix}measures`,
      [
        wire(ours, measure('a', 12.5, 'ö')),
        ...broken.values(),
        wire(theirs, Buffer.concat([Buffer.from('04ffff', 'hex'), Buffer.from([6]), text('b')])),
      ].map((value) => ({ key: 'k', value })),
    )
    await until('both are rated', async () => (await ratings()).length === 2)
    const [first, second] = await ratings()
    expect(first?.magic).toBe(0)
    expect(first?.payload).toEqual(
      Buffer.concat([text('a'), Buffer.from([2, 2, 4]), Buffer.from('ö')]),
    )
    expect(second?.payload).toEqual(Buffer.concat([text('b'), Buffer.from([0, 0])]))
    expect(await schemaOf(first?.id as number)).toMatchObject({
      schemaType: 'AVRO',
      schema: { name: 'Rating' },
    })
    await until('all letters are there', async () => (await letters()).size === broken.size)
    expect(await letters()).toEqual(broken)
    one.child.kill('SIGTERM')
    const { code, stderr } = await one.finished
    expect(code, stderr).toBe(0)
  })
})

test('a version that the registry refuses is refused by plan and apply, and nothing is registered', async () => {
  const subject = `${prefix}ratings-value`
  await registerSchema(subject, 'AVRO', { ...THEIRS, name: 'Rating' })
  await setLevel(subject, 'FULL')
  const { code, stdout, stderr } = await start(['plan', '--format', 'json']).finished
  expect(code, stderr).toBe(0)
  const { changes } = JSON.parse(stdout) as { changes: { name: string }[] }
  expect(changes.find(({ name }) => name === subject)).toMatchObject({
    kind: 'schema',
    risk: 'refused',
    code: 'SLU0384',
    reason: expect.stringMatching(/^The registry says: \S/) as string,
    where: expect.stringMatching(/^pipelines\/fleet\.yaml:\d+$/) as string,
  })
  const applied = await start(['apply', '--yes', '--format', 'json']).finished
  expect(applied.code, applied.stderr).toBe(1)
  expect(await versionsOf(subject)).toEqual([1])
  // What nothing is in the way of is done all the same.
  expect(await versionsOf(`${prefix}verdicts-value`)).toEqual([1])
})

test('doctor and health tell of the registry, and go on telling of Kafka when it is gone', async () => {
  const found = async () => {
    const { stdout, stderr } = await start(['health', '--format', 'json']).finished
    const { components } = JSON.parse(stdout || stderr) as {
      components: {
        kafka: { status: string; connections: { events: { checks: { name: string }[] } } }
      }
    }
    const { status, connections } = components.kafka
    return { status, checks: connections.events.checks }
  }
  const registryOf = ({ checks }: Awaited<ReturnType<typeof found>>) =>
    checks.find(({ name }) => name === 'registry')
  const before = await found()
  expect(registryOf(before)).toMatchObject({ status: 'pass' })
  expect(before.checks.filter(({ name }) => name.startsWith('schema of'))).toHaveLength(2)
  const sick = { KAFKA_SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' }
  const { stdout } = await start(['doctor', '--format', 'json'], sick).finished
  const { connections } = JSON.parse(stdout) as {
    connections: { connection: string; answered: boolean; findings: { name: string }[] }[]
  }
  const kafka = connections.find(({ connection }) => connection === 'events')
  expect(kafka).toMatchObject({ answered: true })
  expect(kafka?.findings.find(({ name }) => name === 'registry')).toMatchObject({
    status: 'warn',
    code: 'SLU1158',
  })
})
