// Dead letters on real brokers: looking changes nothing, a replay is one effect a letter, whoever does it and wherever he is killed.
import { Queue } from 'bullmq'
import { expect, onTestFinished, test } from 'vitest'
import { fromEnvironment } from '../support/environment.ts'
import { openRabbitmqView } from '../support/rabbitmq.ts'
import { produce, readTopic, topicSize } from './support/brokers-io.ts'
import { openDesk, type Desk } from './support/desk.ts'
import { until } from './support/worker-process.ts'

const ALL = ['dlq', 'replay', 'requests.dlq', '--all', '--yes']
const once = (replayed: Map<string, readonly unknown[]>) =>
  [...replayed.values()].filter((messages) => messages.length !== 1)

test('looking again and again changes nothing on the brokers', async () => {
  const desk = await openDesk()
  await desk.fail(20)
  const before = await traces(desk)
  for (let look = 0; look < 3; look++) {
    expect(await desk.json(['dlq', 'list'])).toMatchObject({
      version: 1,
      groups: [{ code: 'SLU5002', counts: { open: 20, replayed: 0, dropped: 0 } }],
    })
    expect(await desk.json(['dlq', 'list', '--letters'])).toMatchObject({ letters: { length: 20 } })
    expect(await desk.json(['dlq', 'show', 'requests.dlq', '0/0'])).toMatchObject({
      letters: [{ status: 'open', code: 'SLU5002', value: { total: -1 } }],
    })
    const dry = [...ALL.slice(0, -1), '--dry-run']
    expect(await desk.json(dry)).toMatchObject({ ahead: { 'to topic requests': 20 } })
  }
  expect(await traces(desk)).toEqual(before)
})

test('a replay that is killed half-way goes on, with one effect for each letter', async () => {
  const desk = await openDesk()
  await desk.fail(150)
  const first = desk.start([...ALL, '--rate', '60/s'])
  const size = () => topicSize(`${desk.prefix}requests`)
  await until('a third is back', async () => (await size()) >= 200)
  first.child.kill('SIGKILL')
  expect((await first.finished).signal).toBe('SIGKILL')
  expect(await size()).toBeLessThan(300)
  const { replayed, refused, held } = await desk.json(ALL)
  expect([refused, held]).toEqual([[], 0])
  expect(replayed).toBeLessThan(120)
  const back = await desk.replayed()
  expect(back.size).toBe(150)
  expect(once(back)).toEqual([])
  const lines = await desk.audit()
  expect(new Set(lines.map(({ letter }) => letter)).size).toBe(150)
  expect(lines.length).toBeLessThanOrEqual(151)
  expect(lines.every(({ actor, outcome }) => actor === 'ann' && outcome === 'replayed')).toBe(true)
  expect(await desk.json(ALL)).toMatchObject({ replayed: 0, already: 0 })
  expect(await desk.json(['dlq', 'list'])).toMatchObject({
    groups: [{ counts: { open: 0, replayed: 150 } }],
  })
})

test('two operators at once have one effect for each letter', async () => {
  const desk = await openDesk('topic')
  await desk.fail(60)
  const results = await Promise.all([desk.json(ALL), desk.json(ALL)])
  expect(results.reduce((sum, { replayed }) => sum + Number(replayed), 0)).toBe(60)
  const back = await desk.replayed()
  expect(back.size).toBe(60)
  expect(once(back)).toEqual([])
  const letters = (await desk.audit()).map(({ letter }) => letter)
  expect(letters.toSorted()).toEqual([...back.keys()].toSorted())
})

test('what goes back is read again, and what was mended is done', async () => {
  const desk = await openDesk()
  await desk.fail(4)
  const mended = ["event.data.id === 'e1'", '--edit', '{ ...event.data, total: 7 }']
  await desk.json(['dlq', 'replay', 'requests.dlq', '--yes', '--where', ...mended])
  await desk.json([
    'dlq',
    'drop',
    'requests.dlq',
    '--yes',
    '--where',
    "event.data.id === 'e2'",
    '--reason',
    'a test',
  ])
  await desk.json(ALL)
  await desk.json(['dlq', 'show', 'requests.dlq', '0/0', '--reveal'])
  const run = await desk.json(['run', 'requests', '--until-idle'])
  expect(run).toMatchObject({ pipelines: { requests: { acked: 1, deadLettered: 2 } } })
  expect(await desk.json(['dlq', 'list'])).toMatchObject({
    groups: [{ counts: { open: 2, replayed: 3, dropped: 1 } }],
  })
  const audit = await desk.audit()
  expect(audit.map(({ outcome }) => outcome)).toEqual([
    'replayed',
    'dropped',
    'replayed',
    'replayed',
    'revealed',
  ])
  expect(audit[0]?.edited?.before).toHaveLength(64)
  expect(audit[1]).toMatchObject({ reason: 'a test', destination: 'requests.dlq' })
})

test('a queue of RabbitMQ has its dead letters on a stream, and gets them back', async () => {
  const desk = await openDesk()
  const view = await openRabbitmqView()
  const tasks = `${desk.prefix}tasks`
  await desk.json(['run', 'tasks', '--until-idle'])
  for (let n = 0; n < 5; n++) await view.put(tasks, JSON.stringify({ id: `t${n}`, total: -1 }))
  const run = await desk.json(['run', 'tasks', '--until-idle'])
  expect(run).toMatchObject({ pipelines: { tasks: { deadLettered: 5 } } })
  const before = await view.consumers([`${tasks}.dlq`])
  expect(await desk.json(['dlq', 'list', 'tasks.dlq', '--letters'])).toMatchObject({
    groups: [{ counts: { open: 5 } }],
    letters: [{ place: '0', origin: { kind: 'queue', queue: 'tasks' } }, {}, {}, {}, {}],
  })
  expect(await view.consumers([`${tasks}.dlq`])).toEqual(before)
  const mend = ['--edit', '{ ...event.data, total: 1 }']
  const replay = ['dlq', 'replay', 'tasks.dlq', '--all', '--yes', ...mend]
  expect(await desk.json(replay)).toMatchObject({ replayed: 5, refused: [] })
  expect(await desk.json(replay)).toMatchObject({ replayed: 0 })
  const again = await desk.json(['run', 'tasks', '--until-idle'])
  expect(again).toMatchObject({ pipelines: { tasks: { acked: 5, deadLettered: 0 } } })
  await view.close()
})

test('what a stream cannot carry is a letter without it, and is fetched from its origin', async () => {
  const desk = await openDesk()
  await desk.json(['run', 'oddities', '--until-idle'])
  const topic = `${desk.prefix}oddities`
  const value = Buffer.from('{"id":"o1","total":1}')
  // AMQP takes 64 KiB of headers.
  await produce(topic, [{ key: 'k', value, headers: { large: 'x'.repeat(70 * 1024) } }])
  const run = await desk.json(['run', 'oddities', '--until-idle'])
  expect(run).toMatchObject({ pipelines: { oddities: { deadLettered: 1 } } })
  expect(await desk.json(['dlq', 'show', 'tasks.dlq', '0'])).toMatchObject({
    letters: [{ code: 'SLU5008', payload: 'omitted', payloadBytes: value.length }],
  })
  const replay = ['dlq', 'replay', 'tasks.dlq', '0', '--yes']
  expect(await desk.json(replay)).toMatchObject({ replayed: 1, refused: [] })
  const [, back] = await readTopic(topic)
  expect(back?.value).toEqual(value)
  expect(back?.headers['large']).toHaveLength(70 * 1024)
})

test('jobs keep their dead letters with the jobs that failed, and come back as new ones', async () => {
  const desk = await openDesk()
  const connection = {
    host: fromEnvironment('REDIS_HOST'),
    port: Number(fromEnvironment('REDIS_PORT')),
  }
  const queue = new Queue(`${desk.prefix}trainings`, { connection })
  onTestFinished(async () => {
    await queue.obliterate({ force: true })
    await queue.close()
  })
  for (let n = 0; n < 5; n++)
    await queue.add('train', { id: `t${n}`, total: -1 }, { jobId: `job-${n}` })
  const run = await desk.json(['run', 'trainings', '--until-idle'])
  expect(run).toMatchObject({ pipelines: { trainings: { deadLettered: 5 } } })
  expect(await desk.json(['dlq', 'list', 'trainings', '--letters'])).toMatchObject({
    groups: [{ code: 'SLU5002', counts: { open: 5 } }],
    letters: Array.from({ length: 5 }, () => ({ origin: { kind: 'jobs', jobs: 'trainings' } })),
  })
  expect(await desk.json(['dlq', 'show', 'trainings', 'job-3'])).toMatchObject({
    letters: [{ place: 'job-3', value: { id: 't3' } }],
  })
  const drop = ['dlq', 'drop', 'trainings', 'job-3', '--reason', 'a test', '--yes']
  expect(await desk.json(drop)).toMatchObject({ dropped: 1 })
  const mend = ['--edit', '{ ...event.data, total: 1 }']
  const replay = ['dlq', 'replay', 'trainings', '--all', '--yes', ...mend]
  expect(await desk.json(replay)).toMatchObject({ replayed: 4, refused: [] })
  expect(await desk.json(replay)).toMatchObject({ replayed: 0 })
  const again = await desk.json(['run', 'trainings', '--until-idle'])
  expect(again).toMatchObject({ pipelines: { trainings: { acked: 4, deadLettered: 0 } } })
  expect(await queue.getFailedCount()).toBe(5)
})

test('what others put among the letters, and what is asked wrongly, has its code and its exit', async () => {
  const desk = await openDesk()
  await desk.fail(1)
  const [letter] = await readTopic(`${desk.prefix}requests.dlq`)
  const headers = Object.fromEntries(
    Object.entries(letter?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  )
  const forged = (more: Record<string, string>) => ({
    key: 'k',
    value: Buffer.from('{"id":"x","total":1}'),
    headers: { ...headers, ...more },
  })
  await produce(`${desk.prefix}requests.dlq`, [
    forged({ 'sluice-dlq-topic': 'requests.dlq' }),
    forged({ 'sluice-dlq-topic': '__consumer_offsets' }),
    forged({ 'sluice-dlq-fleet': 'other' }),
    forged({ 'sluice-dlq-partition': '-1' }),
    { key: null, value: Buffer.from('\u001b[2J what'), headers: {} },
  ])
  const { replayed, refused } = await desk.json(ALL, 1)
  expect(replayed).toBe(1)
  expect((refused as { code: string }[]).map(({ code }) => code)).toEqual([
    'SLU5705',
    'SLU5705',
    'SLU5705',
  ])
  const { destinations } = await desk.json(['dlq', 'list'])
  expect(destinations).toMatchObject([{ foreign: 2 }, { foreign: 0 }, { kind: 'jobs' }])
  const exits = async (args: string[], env = {}) => {
    const { code, stderr } = await desk.run(['dlq', ...args], env)
    return [code, /SLU\d{4}/.exec(stderr)?.[0]]
  }
  expect(await exits(['list', 'nope'])).toEqual([2, 'SLU1001'])
  expect(await exits(['list', '--where', 'code = 1'])).toEqual([2, 'SLU1001'])
  expect(await exits(['replay', 'requests.dlq', '--all'])).toEqual([2, 'SLU1001'])
  expect(await exits(['drop', 'requests.dlq', '--all', '--yes'])).toEqual([2, undefined])
  expect(await exits(['show', 'requests.dlq', '0/99'])).toEqual([1, 'SLU5701'])
  const away = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' }
  expect(await exits(['list', 'requests.dlq'], away)).toEqual([3, 'SLU1101'])
})

/** What looking could have changed: ends of the topics, and groups. */
async function traces({ admin, prefix }: Desk) {
  const { groups } = await admin.listGroups()
  const topics = ['requests', 'requests.dlq']
  const ends = await Promise.all(topics.map((name) => admin.fetchTopicOffsets(prefix + name)))
  const own = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix))
  const offsets = await admin.fetchOffsets({ groupId: `${prefix}requests` })
  return { own: own.toSorted(), ends, offsets }
}
