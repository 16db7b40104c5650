// The whole platform of pipelines/ on real brokers, each of its processes killed once under load; the ledger accounts for whatever was sent to any of it.
import { afterEach, expect, test } from 'vitest'
import { account, findings, type Entry, type SeenEffect } from '../../workers/oracle/ledger.ts'
import { drainQueue, openProducer, readTopic, sendToQueue } from './support/brokers-io.ts'
import { platformLoad, type PlatformLoad, type Sent, type Sink } from './support/platform/load.ts'
import { startPlatform, type Platform } from './support/platform/platform.ts'
import { oneRedis, ownCluster, type RedisHome } from './support/platform/redis-home.ts'

const PATIENCE_MS = 600_000
const KILLED = ['predictions/1', 'training/1', 'platform/1'] as const
/** The largest of any pipeline. */
const CONCURRENCY = 256

let platform: Platform
let redis: RedisHome
afterEach(async () => {
  await platform.stop()
  await redis.stop()
})

type Effects = [Sink, readonly SeenEffect[]][]
interface LifeEntry extends Entry {
  readonly stage: string
  readonly version: number
}
interface Letter {
  readonly id: string
  readonly code: string
}

test.each([
  ['one Redis', oneRedis],
  ['a Redis Cluster that loses a master meanwhile', ownCluster],
])('whatever is sent comes to its one end, on %s', { timeout: PATIENCE_MS }, async (_on, home) => {
  redis = await home()
  platform = await startPlatform(redis.env)
  const load = platformLoad({
    predictions: 4_000,
    life: 600,
    features: 1_500,
    trainings: 60,
    questions: 60,
  })
  const answers = askAll(load)
  const part = Math.ceil(load.sent.length / (KILLED.length + 1))
  for (let n = 0; n <= KILLED.length; n++) {
    const sending = send(load.sent.slice(n * part, (n + 1) * part))
    const seat = KILLED[n]
    if (seat !== undefined) await platform.kill(seat)
    if (n === 1) await redis.fail()
    await sending
  }
  await platform.rests()
  expect(await answers).toEqual(load.questions.map(({ score }) => score))

  await expectFollowed(load)
  const life = await lifeOf(load)
  const reviewed = await drained('alerts.review', 'event_id')
  const told = await drained('notifications.chat', 'notification_id')
  const of = (start: string) => reviewed.filter(({ id }) => id.startsWith(start))
  expect(
    accounted(
      load.entries.predictions,
      [
        ['prediction_results', await written('prediction_results', 'event_id')],
        ['alerts.review', of('p')],
      ],
      await lettersOn('ml_events.dlq', /p\d+/),
    ),
  ).toEqual([])
  expect(accounted(life, [['audit_log', await written('audit_log', 'entry_id')]], [])).toEqual([])
  expect(
    accounted(
      load.entries.trainings,
      [['trainings', await trained()]],
      await lettersOf('trainings'),
    ),
  ).toEqual([])
  const ids = (all: readonly SeenEffect[]) => [...new Set(all.map(({ id }) => id))].toSorted()
  expect(ids(of('l'))).toEqual(load.drifted.toSorted())
  expect(ids(told)).toEqual(load.told.toSorted())
  await expectLetters(load)
  await expectStored(load, life)
  await expectMetrics()
  expect(mailed()).toBe(load.told.length)
  expect((await platform.stop()).code).toBe(0)
})

async function send(sent: readonly Sent[]): Promise<void> {
  for (const [name, all] of Map.groupBy(sent, ({ name }) => name)) {
    const topics = all.filter((one) => one.to === 'topic')
    const commands = all.filter((one) => one.to === 'command')
    if (topics.length > 0) {
      await using producer = await openProducer(platform.prefix + name, { once: true })
      await producer.send(topics)
    }
    await sendToQueue(
      platform.prefix + name,
      commands.map(({ id, value }) => ({
        messageId: id,
        contentType: 'application/json',
        timestamp: Date.parse('2026-01-01T00:00:00Z') / 1000,
        value,
      })),
    )
  }
}

/** Whoever answers may be killed meanwhile: the question is asked again then. */
async function askAll({ questions }: PlatformLoad): Promise<number[]> {
  const scores = platform.client.request('score_requests')
  const answers: number[] = []
  for (const { question } of questions)
    for (let answer: number | undefined; answer === undefined;) {
      answer = await scores.ask(question, { withinMs: 5_000 }).then(
        ({ score }) => score,
        () => undefined,
      )
      if (answer !== undefined) answers.push(answer)
    }
  return answers
}

function accounted(
  entries: readonly Entry[],
  effects: Effects,
  letters: readonly Letter[],
): string[] {
  return findings(
    account(
      entries,
      { effects: new Map(effects), letters, residue: {} },
      {
        repeats: KILLED.length * 2 * CONCURRENCY,
        ordered: ['prediction_results', 'audit_log'],
        robbed: [],
      },
    ),
  )
}

const fieldOf = (value: Buffer | null, field: string): string =>
  String((JSON.parse(String(value)) as Record<string, unknown>)[field])

const written = async (topic: string, field: string): Promise<SeenEffect[]> =>
  (await readTopic(platform.prefix + topic)).map(({ key, value }) => ({
    id: fieldOf(value, field),
    key: key?.toString(),
  }))

const drained = async (queue: string, field: string): Promise<SeenEffect[]> =>
  (await drainQueue(platform.prefix + queue)).map(({ content }) => ({
    id: fieldOf(content, field),
    key: undefined,
  }))

const lettersOn = async (topic: string, id: RegExp): Promise<Letter[]> =>
  (await readTopic(platform.prefix + topic)).map(({ value, headers }) => ({
    id: id.exec(String(value))?.[0] ?? String(value),
    code: String(headers['sluice-dlq-code']),
  }))

/** As the product itself shows them. */
async function lettersOf(destination: string): Promise<Letter[]> {
  const { letters } = await platform.ask<{ letters: { event: string; code: string }[] }>(
    'dlq',
    'list',
    destination,
    '--letters',
  )
  return letters.map(({ event, code }) => ({ id: event, code }))
}

/** Whoever knows the id of a training can ask what became of it. */
async function expectFollowed({ entries }: PlatformLoad): Promise<void> {
  const trainings = platform.client.jobs('trainings')
  for (const { id, fatal } of entries.trainings)
    expect(await trainings.wait(id)).toMatchObject(
      fatal ? { state: 'failed', failure: { step: 'model' } } : { outcome: 'acked', progress: 100 },
    )
}

/** Trainings that a model came of. */
async function trained(): Promise<SeenEffect[]> {
  const events = await readTopic(`${platform.prefix}model_life`)
  return events
    .filter(({ value }) => fieldOf(value, 'event_type') === 'model_trained')
    .map(({ value }) => ({
      id: fieldOf(value, 'event_id').split('/')[0] as string,
      key: undefined,
    }))
}

/** What its topic took, in the order in which it did, each once: what was sent, and what the trainings added. */
async function lifeOf({ entries, broken }: PlatformLoad): Promise<LifeEntry[]> {
  const life = new Map<string, LifeEntry>()
  for (const { key, value, headers } of await readTopic(`${platform.prefix}model_life`)) {
    const event = fieldOf(value, 'event_id')
    if (broken.includes(event) || life.has(event)) continue
    // What a pipeline sends is known by its step, what others send by what is in it.
    const id = String(headers['ce_id'] ?? event)
    const stage = fieldOf(value, 'event_type')
    const sinks: Sink[] = ['audit_log']
    const version = Number(fieldOf(value, 'version'))
    const known = { id, key: String(key), place: life.size, fatal: false, sinks }
    life.set(event, { ...known, stage, version })
  }
  const added = entries.trainings.flatMap(({ id, fatal }) =>
    fatal ? [`${id}/requested`] : [`${id}/requested`, `${id}/trained`],
  )
  expect([...life.keys()].toSorted()).toEqual(
    [...entries.life.map(({ id }) => id), ...added].toSorted(),
  )
  return [...life.values()]
}

async function expectLetters({ broken }: PlatformLoad): Promise<void> {
  const distinct = (all: readonly string[]) => [...new Set(all)].toSorted()
  const events = await lettersOn('platform.dlq', /bad-\w+/)
  expect(distinct(events.map(({ id }) => id))).toEqual(broken)
  // A command that cannot be read has no identity.
  const commands = await lettersOf('commands.dlq')
  expect(distinct(commands.map(({ code }) => code))).toEqual(['SLU5002'])
}

/** Each entity has its newest version; each model the stage of its newest, whatever came later. */
async function expectStored({ features }: PlatformLoad, life: readonly LifeEntry[]): Promise<void> {
  const view = await redis.view()
  const field = async (store: string, key: string, name: string) =>
    JSON.parse(
      (await view.hget(`${platform.prefix}ml-platform:${store}:${key}`, name)) ?? 'null',
    ) as unknown
  try {
    for (const [entity, version] of features)
      expect([entity, await field('features', entity, 'version')]).toEqual([entity, version])
    for (const [model, events] of Map.groupBy(life, ({ key }) => key)) {
      const newest = events.reduce((one, other) => (other.version >= one.version ? other : one))
      const stands = [
        await field('models', model, 'stage'),
        await field('models', model, 'version'),
      ]
      expect([model, ...stands]).toEqual([model, newest.stage, newest.version])
    }
  } finally {
    view.disconnect()
  }
}

/** Each result is in one window at most, and a row that was sent again says the same. */
async function expectMetrics(): Promise<void> {
  const rows = await readTopic(`${platform.prefix}model_metrics`)
  const distinct = new Map(rows.map(({ value }) => [fieldOf(value, 'window_id'), String(value)]))
  expect(new Set(rows.map(({ value }) => String(value))).size).toBe(distinct.size)
  const counted = [...distinct.values()]
    .map((row) => (JSON.parse(row) as { predictions: number }).predictions)
    .reduce((sum, predictions) => sum + predictions, 0)
  const results = await written('prediction_results', 'event_id')
  expect(counted).toBeLessThanOrEqual(new Set(results.map(({ id }) => id)).size)
}

/** Mails that went to the mail server: here, to the log. */
function mailed(): number {
  const lines = [...platform.up.stderr().matchAll(/^\{.*"A mail is sent\.".*$/gm)]
  return new Set(lines.map(([line]) => (JSON.parse(line) as { id: string }).id)).size
}
