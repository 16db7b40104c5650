// Messages of every kind over each wire, and through memory: what is read is what was sent, as far as the wire can carry it, and alike.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { jobsAt, queueAt, topicAt } from '../../workers/core/address.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import type { OutMessage } from '../../workers/core/contract.ts'
import { jobData } from '../../workers/core/job-data.ts'
import { silentLog } from '../../workers/core/log.ts'
import {
  headerText,
  type Headers,
  type PlacedMessage,
  type QueueMessage,
} from '../../workers/core/message.ts'
import type { JobsPlan, QueuePlan, TopicPlan } from '../../workers/core/plan.ts'
import { jobsUse, makeConnections } from '../../workers/runtime/connections.ts'
import { embeddedStage, realStage, type Stage } from '../../workers/testing/stage.ts'
import { runs, SEED } from '../support/fuzz.ts'
import { asBytes, bytes, headersWith, written } from '../support/hostile.ts'
import { FILES, PIPELINES } from './fleet.ts'
import { during, offered } from './held.ts'
import { codeOf, type Code } from './run.ts'

let code: Code
beforeAll(async () => {
  code = await codeOf(FILES, PIPELINES)
})

const said = fc.option(
  written(40).filter((text) => text !== ''),
  { nil: undefined },
)
const messages = fc.record({
  key: fc.option(bytes(), { nil: null }),
  value: fc.option(bytes(200), { nil: null }),
  headers: headersWith('CC', 'BCC', 'x-death', 'x-delay', 'sluice-key', 'ce_id', 'content-type'),
  // A broker takes nothing from the future.
  timestamp: fc.integer({ min: 1, max: 1_767_225_600_000 }),
  type: said,
  source: said,
})

type Kind = 'topic' | 'queue' | 'stream' | 'jobs'

/** As far as the wire can carry it. AMQP: whole seconds, no headers that steer the broker. A stream: the first of a header that appears more than once. Jobs: no key, text, and what BullMQ itself says of them. */
function carriedBy(kind: Kind, message: OutMessage): OutMessage {
  const headers = Object.entries(message.headers)
  const without = (...names: readonly string[]) => headers.filter(([name]) => !names.includes(name))
  switch (kind) {
    case 'topic':
      return message
    case 'queue':
    case 'stream': {
      const kept = without('CC', 'BCC', 'x-death', 'sluice-key', '__proto__').map(
        ([name, value]) =>
          [name, kind === 'stream' && Array.isArray(value) ? value[0] : value] as const,
      )
      const timestamp = Math.floor(message.timestamp / 1_000) * 1_000
      return { ...message, headers: Object.fromEntries(kept) as Headers, timestamp }
    }
    case 'jobs': {
      const kept = without('ce_id', 'ce_source', '__proto__')
      const texts = kept.map(([name]) => [name, headerText(message.headers, name) ?? ''])
      return { ...message, key: null, headers: Object.fromEntries(texts) as Headers }
    }
  }
}

/** Everything that is the same for whoever reads it. */
const plain = (message: PlacedMessage) => {
  const { id, type, source } = message as Partial<QueueMessage>
  const headers = Object.entries(message.headers).map(
    ([name, value]) => [name, asBytes(value)] as const,
  )
  return {
    key: message.key === null ? null : Buffer.from(message.key).toString('base64'),
    value: message.value === null ? null : Buffer.from(message.value).toString('base64'),
    headers: Object.fromEntries(headers.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    timestamp: message.timestamp,
    said: { id, type, source },
  }
}

async function sentAndRead(kind: Kind, given: readonly OutMessage[], stage: Stage) {
  const { plan } = code
  const { factories, world, prefix } = stage
  const connections = makeConnections({ plan, factories, world, log: silentLog }, [
    'events',
    'work',
    jobsUse('hot'),
  ])
  const topic = topicAt(prefix, plan.topics['letters'] as TopicPlan)
  const name = kind === 'stream' ? 'letters_stream' : 'alerts'
  const queue = queueAt(prefix, plan.queues[name] as QueuePlan)
  const jobs = jobsAt(prefix, plan.jobs['bills'] as JobsPlan)
  const [log, work, hot] = [
    connections.log('events'),
    connections.queue('work'),
    connections.jobs('hot'),
  ]
  try {
    await Promise.all([log, work, hot].map((driver) => driver.connect()))
    await log.ensureTopics([topic])
    await work.ensureQueues([queue])
    const sink =
      kind === 'topic' ? log.sink(topic) : kind === 'jobs' ? hot.sink(jobs) : work.sink(queue)
    for (const message of given) await during(stage, sink.send(message))
    if (kind === 'topic' || kind === 'stream') {
      const view = kind === 'topic' ? log.view(topic) : work.view(queue)
      const found: PlacedMessage[] = []
      for (const range of await view.ranges())
        for await (const page of view.read(range)) found.push(...page)
      return found.map(plain)
    }
    const prefetch = 10_000
    const source =
      kind === 'jobs' ? hot.source({ jobs, prefetch }) : work.source({ queue, prefetch })
    return (await offered(stage, source, given.length)).map(plain)
  } finally {
    await during(stage, Promise.all([log, work, hot].map((driver) => driver.close())))
  }
}

test.each<Kind>(['topic', 'queue', 'stream', 'jobs'])('a %s', async (kind) => {
  const drawn = fc.sample(messages, { seed: SEED, numRuns: runs(150) })
  const given = drawn.map(({ type, source, value, ...message }, number): OutMessage => ({
    id: `m${number}`,
    ...message,
    // Jobs are JSON.
    value: kind === 'jobs' ? Buffer.from(JSON.stringify(String(value))) : value,
    contentType: 'application/octet-stream',
    ...(type === undefined ? {} : { type }),
    ...(source === undefined ? {} : { source }),
  }))
  const { embedded, drivers } = createComposition(process.env)
  const carried = given.map((message) => carriedBy(kind, message))
  const inMemory = await sentAndRead(kind, carried, embeddedStage(embedded, systemWorld))
  const prefix = `wire-${systemWorld.ids.next().slice(0, 8)}.`
  const real = await sentAndRead(kind, given, realStage(systemWorld, drivers(false), prefix))
  expect(real).toEqual(inMemory)
  const base64 = (value: Uint8Array | null) =>
    value === null ? null : Buffer.from(value).toString('base64')
  expect(real.map(({ value }) => value)).toEqual(
    given.map(({ value }) =>
      base64(
        kind === 'topic' ? value : kind === 'jobs' ? jobData(value) : (value ?? Buffer.alloc(0)),
      ),
    ),
  )
  if (kind !== 'jobs')
    expect(real.map(({ key }) => key)).toEqual(given.map(({ key }) => base64(key)))
})
