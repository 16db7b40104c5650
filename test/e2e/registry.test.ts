// Topics whose schemas stand in a registry, on real brokers: what others sent is read, what is broken is dead-lettered by its own code and
// comes back by a replay, and a registry that is killed stops nothing that is known.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRegistry, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { createTopics, produce, readTopic, type ReadMessage } from './support/brokers-io.ts'
import { registerSchema, schemaOf, unwired, versionsOf, wire } from './support/registry-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'registry-fleet')
/** Another version of the same: what another team sends. */
const THEIRS = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  title: 'reading of another team',
}
const NOBODYS = 2_000_000_000

let registry: IsolatedBroker
let prefix: string
let running: Running[]

beforeAll(async () => {
  registry = await startRegistry()
  Object.assign(process.env, registry.env)
}, 180_000)
afterAll(() => registry.stop())
beforeEach(async () => {
  prefix = `registry-${randomUUID().slice(0, 8)}.`
  running = []
  await createTopics([
    { topic: `${prefix}readings`, numPartitions: 2 },
    { topic: `${prefix}verdicts`, numPartitions: 2 },
    { topic: `${prefix}readings.dlq`, numPartitions: 1 },
  ])
})
afterEach(async () => {
  for (const { child } of running) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(running.map(({ finished }) => finished))
})

function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const one = sluice([...args, '--project', PROJECT], {
    SLUICE_PREFIX: prefix,
    SLUICE_ACTOR: 'ann',
    NO_COLOR: '1',
    ...env,
  })
  running.push(one)
  return one
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await start([...args, '--format', 'json']).finished
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Record<string, unknown>
}

const reading = (id: string, celsius: unknown = 31) => JSON.stringify({ id, celsius })
const send = (...messages: (readonly [key: string, value: Buffer])[]) =>
  produce(
    `${prefix}readings`,
    messages.map(([key, value]) => ({ key, value })),
  )

/** By the event's id; read with nothing but the bytes and the registry. */
async function verdicts(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { value } of await readTopic(`${prefix}verdicts`)) {
    const { magic, id, payload } = unwired(value as Buffer)
    expect(magic).toBe(0)
    expect(id).toBeGreaterThan(0)
    const verdict = JSON.parse(payload.toString()) as { id: string; verdict: string }
    found.set(verdict.id, verdict.verdict)
  }
  return found
}
const letters = () => readTopic(`${prefix}readings.dlq`)
const codeOf = ({ headers }: ReadMessage) => String(headers['sluice-dlq-code'])

describe.each(KAFKA_CLIENTS)('on %s', (client) => {
  const worker = async (...args: string[]) => {
    const one = start(['run', 'judging', ...args], { KAFKA_CLIENT: client })
    await one.said(/The worker runs/)
    return one
  }

  test('what others wrote is read, what is written others read, and what is broken is a letter of its own bytes', async () => {
    const one = await worker()
    // The worker has registered the first version of each.
    expect(await versionsOf(`${prefix}readings-value`)).toEqual([1])
    expect(await versionsOf(`${prefix}verdicts-value`)).toEqual([1])
    const theirs = await registerSchema(`${prefix}readings-value`, 'JSON', THEIRS)
    const avro = await registerSchema(`${prefix}strange-value`, 'AVRO', {
      type: 'record',
      name: 'Strange',
      fields: [{ name: 'id', type: 'string' }],
    })
    const broken = new Map([
      ['SLU5011', Buffer.from(reading('plain'))],
      ['SLU5012', wire(NOBODYS, reading('unknown'))],
      ['SLU5013', wire(avro, reading('avro'))],
      ['SLU5001', wire(theirs, '{"id":')],
      ['SLU5002', wire(theirs, reading('warm', 'warm'))],
      ['SLU5003', Buffer.alloc(0)],
    ])
    await send(
      ['a', wire(theirs, reading('hot', 31))],
      ...[...broken.values()].map((value) => ['a', value] as const),
      ['a', wire(theirs, reading('fine', 12))],
    )
    await until('all is judged', async () => (await verdicts()).size === 2)
    expect(Object.fromEntries(await verdicts())).toEqual({ fine: 'fine', hot: 'hot' })
    await until('all letters are there', async () => (await letters()).length === broken.size)
    for (const letter of await letters()) expect(letter.value).toEqual(broken.get(codeOf(letter)))
    const [first] = await readTopic(`${prefix}verdicts`)
    const registered = await schemaOf(unwired(first?.value as Buffer).id)
    expect(registered.schemaType).toBe('JSON')
    expect(registered.schema).toMatchObject({ required: ['id', 'verdict'] })
    one.child.kill('SIGTERM')
    expect((await one.finished).code).toBe(0)
  })

  test('a registry that is killed stops nothing that is known; another id waits, and is done when it is back', async () => {
    const theirs = await registerSchema(`${prefix}readings-value`, 'JSON', THEIRS)
    const late = await registerSchema(`${prefix}other-value`, 'JSON', { ...THEIRS, title: 'late' })
    // Of a topic that is only read, versions are their senders' affair; of one that is written, another is a change, which `apply` makes.
    await registerSchema(`${prefix}verdicts-value`, 'JSON', { ...THEIRS, title: 'old verdict' })
    const refused = await start(['run', 'judging'], { KAFKA_CLIENT: client }).finished
    expect({ code: refused.code, said: /SLU1162/.test(refused.stderr) }).toEqual({
      code: 3,
      said: true,
    })
    const planned = (await json('plan')) as { changes: { kind: string; name: string }[] }
    expect(planned.changes.filter(({ kind }) => kind === 'schema')).toMatchObject([
      { name: `${prefix}verdicts-value`, symbol: '+', to: { version: 2, type: 'JSON' } },
      { name: `${prefix}measures-value`, symbol: '+', to: { version: 1, type: 'AVRO' } },
      { name: `${prefix}ratings-value`, symbol: '+', to: { version: 1, type: 'AVRO' } },
    ])
    await json('apply', '--yes')
    expect(await versionsOf(`${prefix}verdicts-value`)).toEqual([1, 2])
    expect(await versionsOf(`${prefix}readings-value`)).toEqual([1])

    const one = await worker()
    await send(['a', wire(theirs, reading('before'))])
    await until('the id is known', async () => (await verdicts()).has('before'))
    await registry.kill('SIGKILL')
    await send(['z', wire(late, reading('late'))], ['z', wire(theirs, reading('behind late'))])
    await until('it waits', () => one.stderr().includes('SLU1158'))
    const known = Array.from({ length: 200 }, (_, n) => `known ${n}`)
    await send(...known.map((id, n) => [`k${n % 20}`, wire(theirs, reading(id))] as const))
    await until('what is known goes on', async () => {
      const told = await verdicts()
      return known.every((id) => told.has(id))
    })
    expect((await verdicts()).has('late')).toBe(false)
    expect((await verdicts()).has('behind late')).toBe(false)
    expect(await letters()).toEqual([])
    await registry.restart()
    await until('what waited is done', async () => (await verdicts()).has('behind late'))
    expect((await verdicts()).get('late')).toBe('hot')
    expect(await letters()).toEqual([])
    one.child.kill('SIGTERM')
    const { code, stderr } = await one.finished
    expect(code, stderr).toBe(0)
  })
})

test('a letter is shown as data, goes back as it was, and mended as a value of its topic', async () => {
  const one = start(['run', 'judging'])
  await one.said(/The worker runs/)
  const theirs = await registerSchema(`${prefix}readings-value`, 'JSON', THEIRS)
  await send(['a', wire(theirs, reading('warm', 'warm'))], ['a', wire(NOBODYS, '{}')])
  await until('the letters are there', async () => (await letters()).length === 2)
  const { letters: shown } = (await json('dlq', 'show', 'readings.dlq', '0/0')) as {
    letters: object[]
  }
  expect(shown).toMatchObject([{ code: 'SLU5002', value: { id: 'warm', celsius: 'warm' } }])

  await json('dlq', 'replay', 'readings.dlq', '0/1', '--yes')
  await until('it failed again', async () => (await letters()).length === 3)
  const [, before, again] = await letters()
  expect([codeOf(again as ReadMessage), again?.value]).toEqual(['SLU5012', before?.value])

  const edit = '{ ...event.data, celsius: 40 }'
  await json('dlq', 'replay', 'readings.dlq', '0/0', '--edit', edit, '--yes')
  await until('the mended one is judged', async () => (await verdicts()).size === 1)
  expect([...(await verdicts()).values()]).toEqual(['hot'])
  const mended = (await readTopic(`${prefix}readings`)).find(({ value }) =>
    value?.includes('"celsius":40'),
  )
  // Written with the fleet's own schema, which is not theirs.
  expect(unwired(mended?.value as Buffer).id).not.toBe(theirs)

  await json('send', 'readings', '--key', 'b', reading('sent', 1))
  await until('what is sent is judged', async () => (await verdicts()).get('sent') === 'fine')
})
