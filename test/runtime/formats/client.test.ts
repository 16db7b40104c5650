// A fleet's client on topics whose schemas stand in a registry: it sends and reads data, and a registry that is away makes it wait.
import { afterEach, expect, test } from 'vitest'
import { createClient } from '../../../workers/client/client.ts'
import { compileFleet } from '../../../workers/compile/compile.ts'
import { checkerOf } from '../../../workers/compile/schemas.ts'
import { createComposition } from '../../../workers/composition.ts'
import { topicAt } from '../../../workers/core/address.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import { silentLog } from '../../../workers/core/log.ts'
import { eventually } from '../../support/eventually.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { inletOf, inletUses } from '../../../workers/testing/inlet.ts'
import { makeConnections } from '../../../workers/runtime/connections.ts'
import { framed } from '../../../workers/runtime/formats/wire-format.ts'
import { createTracer } from '../../../workers/telemetry/tracer.ts'
import { inProject } from '../../testing/project.ts'
import { IN_FORMATS } from '../../testing/registry.ts'

interface Shop {
  topics: { orders: { id: string; sku: string } }
  commands: object
  requests: object
  jobs: object
  caches: object
  stores: object
}

const REGISTRY = 'events/registry'
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function shop(files: Readonly<Record<string, string>>) {
  const { plan } = await inProject(files, (root) => compileFleet(root))
  if (plan === undefined) throw new Error('the shop does not compile')
  const brokers = createComposition({}).embedded(systemWorld)
  const { factories } = brokers
  const from = plan.pipelines['billing']?.from
  if (from?.kind !== 'topic') throw new Error('no topic')
  const log = recordedLog()
  const parts = { plan, factories, world: systemWorld, log }
  const connections = makeConnections(parts, inletUses(plan, from))
  const all = [...connections.all.values()]
  open.push({ close: async () => void (await Promise.all(all.map((one) => one.close()))) })
  await Promise.all(all.map((driver) => driver.connect()))
  const provision = () => inletOf(plan, '', from, connections, systemWorld).ensure()
  const client = createClient<Shop>({
    ...parts,
    prefix: '',
    checkOf: checkerOf(plan),
    tracer: createTracer(systemWorld, {}, silentLog).tracer,
  })
  open.push(client)
  const orders = client.topic('orders')
  const raw = connections.log('events').sink(topicAt('', plan.topics['orders']!))
  const waits = () => eventually('the reader waits', () => log.lines.some(isWaiting))
  return { brokers, provision, connections, orders, raw, waits }
}

const isWaiting = ({ message }: { readonly message: string }) =>
  message.includes('the reader waits')

const sent = (value: Uint8Array) => ({
  id: 'raw',
  key: null,
  value,
  headers: {},
  timestamp: 0,
  contentType: 'application/json',
})

test.each(Object.entries(IN_FORMATS))(
  '%s: what is published is read as data',
  async (_name, files) => {
    const { orders, provision, raw } = await shop(files)
    await expect(orders.publish({ id: 'a', sku: 's' })).rejects.toMatchObject({ code: 'SLU1162' })
    await provision()
    await raw.send(sent(Buffer.from('{"id":"plain","sku":"s"}')))
    await orders.publish({ id: 'a', sku: 's' }, { key: 'k' })
    await orders.publish({ id: 'b', sku: 's' }, { key: 'k' })
    const invalid: Error[] = []
    const seen: string[] = []
    const terms = { group: 'g', onInvalid: (error: Error) => void invalid.push(error) }
    for await (const { data } of orders.events(terms)) {
      seen.push(data.id)
      if (seen.length === 2) break
    }
    expect(seen).toEqual(['a', 'b'])
    expect(invalid).toMatchObject([{ code: 'SLU5011' }])
  },
)

test('an id that nobody can be asked about makes the reader wait, and nothing is passed over', async () => {
  const { orders, provision, connections, raw, brokers, waits } = await shop(
    IN_FORMATS['json-registry'] ?? {},
  )
  await provision()
  const text = '{"type":"object"}'
  const id = await connections.registry('events').register({ subject: 's', kind: 'JSON', text })
  await raw.send(sent(framed(id, Buffer.from('{"id":"late","sku":"s"}'))))
  const events = orders.events({ group: 'g' })[Symbol.asyncIterator]()
  await orders.publish({ id: 'first', sku: 's' })
  brokers.setAvailable(REGISTRY, false)
  const reading = events.next()
  await waits()
  brokers.setAvailable(REGISTRY, true)
  expect((await reading).value).toMatchObject({ data: { id: 'late' } })
  await events.return?.()
})

test('a reader that waits is closed without waiting on', async () => {
  const { orders, provision, raw, brokers, waits } = await shop(IN_FORMATS['json-registry'] ?? {})
  await provision()
  await raw.send(sent(framed(99, Buffer.from('{}'))))
  const stop = new AbortController()
  await orders.publish({ id: 'connects', sku: 's' })
  const events = orders.events({ group: 'g', signal: stop.signal })[Symbol.asyncIterator]()
  brokers.setAvailable(REGISTRY, false)
  const reading = events.next()
  await waits()
  stop.abort()
  expect(await reading).toMatchObject({ done: true })
})
