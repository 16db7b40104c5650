// plan and apply as an operator uses them, on real Kafka and RabbitMQ: made, refused, allowed, killed half-way, done.
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { Queue } from 'bullmq'
import kafkajs from 'kafkajs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRabbitmqView } from '../support/rabbitmq.ts'
import { openRedisView } from '../support/redis.ts'
import { lineOf, openShop, type Shop } from './support/shop.ts'
import { sluice } from './support/worker-process.ts'

const lines = async (shop: Shop, ...allow: string[]) =>
  (await shop.plan(...allow.flatMap((flag) => ['--allow', flag]))).changes.map((change) =>
    lineOf(shop.prefix, change),
  )

const partitionsOf = async ({ kafka, prefix }: Shop, topic: string) =>
  (await kafka.fetchTopicMetadata({ topics: [prefix + topic] })).topics[0]?.partitions.length

test('a new fleet is made, and the second plan and apply have nothing to do', async () => {
  const shop = await openShop()
  expect(await lines(shop)).toEqual([
    '+ exchange shipping safe',
    '+ queue parcels safe',
    '+ queue letters safe',
    '+ binding shipping → parcels key null → eu.# safe',
    '+ topic orders safe',
    '+ topic orders.dlq safe',
  ])
  // Planning made nothing.
  expect((await shop.kafka.listTopics()).filter((name) => name.startsWith(shop.prefix))).toEqual([])
  expect((await shop.run('plan', '--check')).code).toBe(1)

  const first = await shop.run('apply', '--yes')
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toMatch(/^Applied: 6 done, 0 refused, 0 left\.$/m)
  expect(await partitionsOf(shop, 'orders')).toBe(2)

  const second = await shop.plan()
  expect(second).toMatchObject({ changes: [], refused: 0, drift: [], uncompared: [] })
  expect((await shop.run('plan', '--check')).code).toBe(0)
  const again = await shop.run('apply', '--yes')
  expect(again).toMatchObject({
    code: 0,
    stdout: 'Nothing to change: 6 things are as declared.\n',
  })
})

describe('on a fleet that is there', () => {
  const shopWithChanges = async () => {
    const shop = await openShop()
    expect((await shop.run('apply', '--yes')).code).toBe(0)
    await shop.edit('partitions: 2', 'partitions: 4')
    await shop.edit('time: 7d', 'time: 1h')
    await shop.edit('deadLetters: true', 'deadLetters: true, retention: { time: 30d }')
    await shop.edit('type: classic', 'type: quorum')
    await shop.edit("'eu.#'", "'us.#'")
    return shop
  }
  const REFUSED = [
    '! queue letters type classic → quorum refused',
    '- binding shipping → parcels key eu.# → null refused',
    '~ topic orders retention.time 604800000 → 3600000 refused',
    '~ topic orders partitions 2 → 4 refused',
  ]

  test('safe changes are made, the others refused with their flag, and nothing else happens', async () => {
    const shop = await shopWithChanges()
    const { code, stdout } = await shop.run('apply', '--yes')
    expect(code).toBe(1)
    for (const [what, flag] of [
      ['SLU0391', 'partitions'],
      ['SLU0392', 'retention'],
      ['SLU0393', 'recreate'],
      ['SLU0394', 'unbind'],
    ])
      expect(stdout).toMatch(
        new RegExp(`refused ${what}, but with --allow ${flag}  pipelines/fleet.yaml:\\d+$`, 'm'),
      )
    expect(stdout.match(/^done .*$/gm)?.map((line) => line.replaceAll(shop.prefix, ''))).toEqual([
      'done + binding shipping → parcels  key us.#',
      'done ~ topic orders.dlq  retention.time 7d → 30d',
    ])
    expect(await partitionsOf(shop, 'orders')).toBe(2)
    expect(await lines(shop)).toEqual(REFUSED)
  })

  test('each flag allows its own kind and no other; with all of them the next plan is empty', async () => {
    const shop = await shopWithChanges()
    expect((await shop.run('apply', '--yes')).code).toBe(1)
    let before = await lines(shop)
    for (const flag of ['partitions', 'retention', 'unbind', 'recreate']) {
      const allowed = (await lines(shop, flag)).filter((line) => line.endsWith(' allowed'))
      expect(allowed).toHaveLength(1)
      const { code } = await shop.run('apply', '--yes', '--allow', flag)
      const after = await lines(shop)
      expect(code).toBe(after.length > 0 ? 1 : 0)
      expect(after).toEqual(
        before.filter((line) => !allowed.includes(line.replace('refused', 'allowed'))),
      )
      before = after
    }
    expect(before).toEqual([])
    expect(await partitionsOf(shop, 'orders')).toBe(4)
  })

  test('a queue with a message is not made anew, whatever is allowed, and keeps its message', async () => {
    const shop = await shopWithChanges()
    const view = await openRabbitmqView()
    await view.put(`${shop.prefix}letters`, 'dear')
    const { code, stdout } = await shop.run('apply', '--yes', '--allow', 'recreate')
    expect(code).toBe(1)
    expect(stdout).toMatch(/letters +type classic → quorum +refused SLU0398 /)
    expect(stdout).toContain('it holds 1 message:')
    expect((await view.take(`${shop.prefix}letters`)).map(({ body }) => String(body))).toEqual([
      'dear',
    ])
    await view.close()
  })

  test('what others set is reported as drift and stays', async () => {
    const shop = await shopWithChanges()
    const { kafka, prefix } = shop
    await kafka.createTopics({
      topics: [{ topic: `${prefix}old`, numPartitions: 1 }],
      waitForLeaders: true,
    })
    await kafka.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: `${prefix}orders.dlq`,
          configEntries: [
            { name: 'max.message.bytes', value: '1114124' },
            { name: 'segment.ms', value: '60000' },
          ],
        },
      ],
    })
    const { stdout } = await shop.run('apply', '--yes')
    expect(stdout).toMatch(/^drift:/m)
    const { drift } = await shop.plan()
    expect(drift.map(({ name, field, value }) => [name.replace(prefix, ''), field, value])).toEqual(
      [
        ['old', null, null],
        ['orders.dlq', 'segment.ms', '60000'],
      ],
    )
  })
})

describe('a saved plan', () => {
  test('is carried out as it was seen, and refused when the broker changed since', async () => {
    const shop = await openShop()
    const file = shop.file('fleet.plan')
    const saved = await shop.plan('--out', file)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(saved)
    // Somebody was faster, and made one of them in another way.
    await shop.kafka.createTopics({
      topics: [{ topic: `${shop.prefix}orders`, numPartitions: 8 }],
      waitForLeaders: true,
    })
    const stale = await shop.run('apply', '--plan', file, '--yes')
    expect(stale).toMatchObject({ code: 2, stdout: '' })
    expect(stale.stderr).toContain('SLU0396')
    expect(stale.stderr).toContain(
      `! topic ${shop.prefix}orders partitions was not in it like that`,
    )
    expect((await lines(shop)).filter((line) => line.startsWith('+'))).toHaveLength(5)

    await shop.edit('partitions: 2', 'partitions: 8')
    expect((await shop.plan('--out', file)).refused).toBe(0)
    expect((await shop.run('apply', '--plan', file, '--yes')).code).toBe(0)
    expect(await lines(shop)).toEqual([])
    // Done already: that is no difference.
    expect((await shop.run('apply', '--plan', file, '--yes')).code).toBe(0)
  })

  test('is no plan when it was changed by hand, and says itself what is allowed', async () => {
    const shop = await openShop()
    const file = shop.file('fleet.plan')
    await shop.plan('--out', file)
    const both = await shop.run('apply', '--plan', file, '--yes', '--allow', 'unbind')
    expect([both.code, both.stderr.slice(0, 7)]).toEqual([2, 'SLU1001'])
    await writeFile(file, (await readFile(file, 'utf8')).replace('"classic"', '"quorum"'))
    const edited = await shop.run('apply', '--plan', file, '--yes')
    expect([edited.code, edited.stderr.slice(0, 7)]).toEqual([2, 'SLU0397'])
    expect(await lines(shop)).toHaveLength(6)
  })
})

describe('an apply that is killed', () => {
  const MORE = 24
  test.each(['a new plan', 'the saved one'])('goes on where it was: with %s', async (which) => {
    const shop = await openShop()
    const topics = Array.from(
      { length: MORE },
      (_, n) => `  t${n}: { in: events, partitions: 1, schema: commands/order }\n`,
    )
    await shop.edit('exchanges:\n', `${topics.join('')}exchanges:\n`)
    const file = shop.file('fleet.plan')
    const planned = (await shop.plan('--out', file)).changes.length
    expect(planned).toBe(6 + MORE)
    const args = ['apply', '--yes', ...(which === 'the saved one' ? ['--plan', file] : [])]

    const { child, finished } = shop.start(...args)
    let said = ''
    while (!said.includes('\ndone ')) {
      const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
      said += chunk.toString()
    }
    child.kill('SIGKILL')
    expect(await finished).toMatchObject({ code: null, signal: 'SIGKILL' })

    const left = (await shop.plan()).changes
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(planned)
    expect(left.every(({ risk }) => risk === 'safe')).toBe(true)
    const resumed = await shop.run(...args, '--format', 'json')
    expect(resumed.code).toBe(0)
    const { done, refused, failed } = JSON.parse(resumed.stdout) as Record<string, unknown[]>
    expect([done?.length, refused, failed]).toEqual([left.length, [], null])
    expect(await lines(shop)).toEqual([])
  })
})

test('apply asks, and without anybody to ask it says so before it connects', async () => {
  const shop = await openShop()
  const { code, stdout, stderr } = await sluice(['apply', '--project', shop.file('.')], {
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
  }).finished
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('without a terminal say --yes')
})

test('a schedule whose pipeline is gone is found, and removed when that is allowed', async () => {
  const shop = await openShop()
  const hot = `  hot: { redis: { host: '\${REDIS_HOST:-localhost}', port: '\${REDIS_PORT:-6379}' } }`
  await shop.edit('topics:\n', `${hot}\nstate: { in: hot }\ntopics:\n`)
  expect((await shop.run('apply', '--yes')).code).toBe(0)
  const view = await openRedisView()
  const address = `${shop.prefix}shop~pipelines/gone`
  const left = new Queue(address, { connection: view })
  onTestFinished(async () => {
    await left.obliterate({ force: true })
    await left.close()
    view.disconnect()
  })
  await left.upsertJobScheduler('gone', { pattern: '0 3 * * *', tz: 'UTC' })
  expect(await lines(shop)).toEqual(['- schedule shop~pipelines/gone refused'])
  expect((await shop.run('apply', '--yes')).code).toBe(1)
  expect(await left.getJobSchedulersCount()).toBe(1)
  const done = await shop.run('apply', '--yes', '--allow', 'unschedule')
  expect(done.stdout).toMatch(/^Applied: 1 done, 0 refused, 0 left\.$/m)
  expect(await left.getJobSchedulersCount()).toBe(0)
  expect(await lines(shop)).toEqual([])
})
