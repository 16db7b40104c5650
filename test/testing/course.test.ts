// What a case can bring about: scripted handlers, outages, caches and waits, in a time that passes only inside the case.
import { describe, expect, test } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import type { Handler, HandlerCache } from '../../workers/core/handler.ts'
import { embeddedStage, realStage } from '../../workers/testing/stage.ts'
import { failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

type More = [typeof HANDLERS?, Readonly<Record<string, string>>?]

const run = (given: string, wanted: string, ...more: More) =>
  runOne(oneCase(given, wanted), ...more)
const failures = async (given: string, wanted: string, ...more: More) =>
  failuresOf(await run(given, wanted, ...more))
const EVENTS = `events: [${order('a1')}]`
const BILLED = 'events: { billed: [{ value: { total: 5 } }] }'

describe('handlers', () => {
  test('are real where nothing is said, and called as often as it is said', async () => {
    expect(await failures(EVENTS, `${BILLED}\ncalls: { quote: 1, charge: 1 }`)).toEqual([])
  })

  test('do what is said call by call, and the last of it from then on', async () => {
    const outcomes = '[{ throw: { message: no } }, { timeout: true }, { return: { total: 7 } }]'
    const result = await run(
      `${EVENTS}\nhandlers: { quote: ${outcomes} }`,
      'events: { billed: [{ value: { total: 7 } }] }\ncounts: { retried: 2, acked: 1 }',
    )
    expect(failuresOf(result)).toEqual([])
    const { cases } = result
    // Two waits of 30 s, and the step's timeout of 10 s.
    expect(cases[0]?.virtualMs).toBeGreaterThan(70_000)
    expect(cases[0]?.durationMs).toBeLessThan(2_000)
  })

  test('do for one message what is said for it alone', async () => {
    expect(
      await failures(
        `events:
  - ${order('a1')}
  - ${order('b1', ', handlers: { quote: [{ return: { total: 9 } }] }')}`,
        'events: { billed: [{ value: { total: 5 } }, { value: { total: 9 } }] }',
      ),
    ).toEqual([])
  })

  test('may wait by their own clock, which is that of the case', async () => {
    const slow: Handler<unknown, unknown> = async (_input, { clock }) => {
      await clock.sleep(5_000)
      return { total: 5 }
    }
    const result = await run(EVENTS, BILLED, { ...HANDLERS, quote: slow })
    expect(failuresOf(result)).toEqual([])
    const { cases } = result
    expect(cases[0]?.virtualMs).toBeGreaterThanOrEqual(5_000)
  })

  test('may do real work meanwhile, which is no time of the case', async () => {
    const { readFile } = await import('node:fs/promises')
    const reading: Handler<unknown, unknown> = async () => ({
      total: (await readFile(import.meta.filename)).length > 0 ? 5 : 0,
    })
    const result = await run(EVENTS, `${BILLED}\ncounts: { retried: 0 }`, {
      ...HANDLERS,
      quote: reading,
    })
    expect(failuresOf(result)).toEqual([])
    const { cases } = result
    expect(cases[0]?.virtualMs).toBeLessThan(5_000)
  })

  test('that say how long to wait are heard: that pause, not the one of the policy, and it is an attempt', async () => {
    const result = await run(
      `${EVENTS}\nhandlers:\n  quote: [{ throw: { message: too many, retryAfter: 7s } }, { return: { total: 1 } }]`,
      'events: { billed: [{ value: { total: 1 } }] }\ncounts: { retried: 1 }',
    )
    expect(failuresOf(result)).toEqual([])
    // Thirty seconds by the policy.
    expect(result.cases[0]?.virtualMs).toBeGreaterThanOrEqual(7_000)
    expect(result.cases[0]?.virtualMs).toBeLessThan(8_000)
  })

  test('that give up, fail for good or never answer end in dead letters of their own', async () => {
    const fails = (id: string, outcome: string) => order(id, `, handlers: { quote: [${outcome}] }`)
    expect(
      await failures(
        `events:
  - ${fails('a1', '{ throw: { message: no, permanent: true } }')}
  - ${fails('b1', '{ timeout: true }')}`,
        `deadLetters:
  orders.dlq:
    - { code: SLU5102, class: defect, step: price, attempts: 1, contains: { id: a1 }, reason: 'handler quote: no' }
    - { code: SLU5103, class: transient, step: price, attempts: 4, contains: { id: b1 } }
events: { billed: [] }
counts: { deadLettered: 2, retried: 3 }`,
      ),
    ).toEqual([])
  })
})

describe('what is away', () => {
  const away = (connection: string) =>
    `faults: [{ connection: ${connection}, away: { from: 0ms, for: 1m } }]`

  test('a queue: the command waits for it, and is no new attempt', async () => {
    const result = await run(
      `${EVENTS}\n${away('work')}\nhandlers: { quote: [{ return: { total: 101 } }] }`,
      'commands: { alerts: [{ value: { total: 101 } }] }\nothers: allow\ncounts: { retried: 0 }',
    )
    expect(failuresOf(result)).toEqual([])
    const { cases } = result
    expect(cases[0]?.virtualMs).toBeGreaterThanOrEqual(60_000)
    expect(cases[0]?.given[0]?.story?.faults.map(({ code }) => code)).toEqual(['SLU5301'])
  })

  test('a cache with bypass: the pipeline goes on without it', async () => {
    expect(
      await failures(`${EVENTS}\n${away('hot')}`, `${BILLED}\ncaches: { prices: [] }`),
    ).toEqual([])
  })

  test('the source: what is given waits, and arrives', async () => {
    expect(
      await failures(`${EVENTS}\n${away('events')}`, `${BILLED}\ncounts: { acked: 1 }`),
    ).toEqual([])
  })

  test('twice in a row', async () => {
    const twice =
      'faults: [{ connection: work, away: { from: 0ms, for: 10s } }, { connection: work, away: { from: 10s, for: 10s } }]'
    const result = await run(
      `${EVENTS}\n${twice}\nhandlers: { quote: [{ return: { total: 101 } }] }`,
      'commands: { alerts: [{ value: { total: 101 } }] }\nothers: allow',
    )
    expect(failuresOf(result)).toEqual([])
    const { cases } = result
    expect(cases[0]?.virtualMs).toBeGreaterThanOrEqual(20_000)
  })
})

const cached = 'caches: { prices: [{ key: a1, value: { total: 8 } }] }'

describe('caches', () => {
  test('answer with what stands in them', async () => {
    expect(
      await failures(
        `${EVENTS}\n${cached}`,
        'events: { billed: [{ value: { total: 8 } }] }\ncalls: { quote: 0 }\ncaches: { prices: [] }',
      ),
    ).toEqual([])
  })

  test('forget it after their time', async () => {
    expect(
      await failures(
        `events: [${order('a1', ', after: 6m')}]\n${cached}`,
        `${BILLED}\ncaches: { prices: [{ key: a1, value: { total: 5 } }] }`,
      ),
    ).toEqual([])
  })

  test('are not trusted with what does not fit', async () => {
    expect(
      await failures(
        `${EVENTS}\ncaches: { prices: [{ key: a1, value: { total: -8 }, invalid: true }] }`,
        `${BILLED}\ncalls: { quote: 1 }`,
      ),
    ).toEqual([])
  })
})

describe('caches that answer with what is old', () => {
  const fleet = (FILES['pipelines/fleet.yaml'] ?? '').replace(
    'prices: { in: hot,',
    'prices: { in: hot, staleWhileRevalidate: 4m, absent: { ttl: 1m },',
  )
  const more = { 'pipelines/fleet.yaml': fleet }

  test('are filled anew beside the message', async () => {
    const given = `events: [${order('a1', ', after: 6m')}]\n${cached}`
    const wanted = `events: { billed: [{ value: { total: 8 } }] }
calls: { quote: 1 }
caches: { prices: [{ key: a1, value: { total: 5 } }] }`
    const result = await run(given, wanted, HANDLERS, more)
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given[0]?.story?.steps[0]?.cache).toBe('stale')
  })

  test('remember for a while that there is nothing', async () => {
    const pipeline = (FILES['pipelines/billing.yaml'] ?? '')
      .replace('price.total > 100', 'price !== null && price.total > 100')
      .replace("'{ total: price.total }' }\nfailure", "'{ total: price?.total ?? 0 }' }\nfailure")
    const given = `events: [${order('a1')}, ${order('b1')}, ${order('a1', ', after: 2m')}]
caches: { prices: [{ key: b1, value: null }] }
handlers: { quote: [{ return: null }, { return: { total: 7 } }] }`
    const wanted = `events: { billed: [{ value: { total: 0 } }, { value: { total: 0 } }, { value: { total: 7 } }] }
calls: { quote: 2 }
caches: { prices: [{ key: a1, value: null }, { key: a1, value: { total: 7 } }] }`
    const files = { ...more, 'pipelines/billing.yaml': pipeline }
    expect(await failures(given, wanted, HANDLERS, files)).toEqual([])
  })
})

describe('caches of handlers', () => {
  const pipeline = (FILES['pipelines/billing.yaml'] ?? '').replace(
    'load: { call: quote, input',
    'load: { call: quote, caches: [listed], input',
  )
  const fleet = (FILES['pipelines/fleet.yaml'] ?? '').replace(
    'caches:',
    'caches:\n  listed: { in: hot, ttl: 5m, schema: events/bill, as: hash, whenDown: fail }',
  )
  const more = { 'pipelines/billing.yaml': pipeline, 'pipelines/fleet.yaml': fleet }
  const quote: Handler<unknown, unknown> = async (input, context) => {
    const { listed } = context.caches as Record<string, HandlerCache<{ total: number }>>
    const { sku } = input as { sku: string }
    const found = await listed?.get({ sku })
    await listed?.set({ sku, quoted: true }, { total: 2 })
    return { total: (found?.total ?? 0) + 1 }
  }

  test('are given to it, and what it puts there is seen by its key', async () => {
    const given = `${EVENTS}\ncaches: { listed: [{ key: { sku: a1 }, value: { total: 7 } }] }`
    const wanted = `events: { billed: [{ value: { total: 8 } }] }
caches:
  listed: [{ key: { quoted: true, sku: a1 }, value: { total: 2 } }]
  prices: [{ key: a1, value: { total: 8 } }]`
    expect(await failures(given, wanted, { ...HANDLERS, quote }, more)).toEqual([])
  })
})

describe('messages', () => {
  test('that are invalid become dead letters with their bytes', async () => {
    expect(
      await failures(
        'events: [{ key: a, raw: "{" }, { key: b, base64: /w== }, { invalid: true, value: {} }, { value: null }]',
        `deadLetters:
  orders.dlq:
    - { code: SLU5001, key: a, raw: '{' }
    - { code: SLU5006, key: b, base64: /w== }
    - { code: SLU5002, key: null, value: {} }
    - { code: SLU5004, value: null }`,
        HANDLERS,
        {
          'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replace(
            / {2}guard.*/,
            '',
          ),
        },
      ),
    ).toEqual([])
  })

  test('that the pipeline does not want are counted', async () => {
    expect(
      await failures(
        'events: [{ value: { id: a, sku: free } }]',
        'counts: { filtered: 1, acked: 0 }',
      ),
    ).toEqual([])
  })

  test('that a guard leaves behind are not committed', async () => {
    expect(
      await failures(
        `events: [${['a1', 'a2', 'a3', 'a4'].map((id) => order(id)).join(', ')}]
handlers: { quote: [{ throw: { message: no, permanent: true } }] }`,
        'paused: true\nothers: allow\ncounts: { deadLettered: 2, accepted: 2 }\ncommits: { partitions: { 0: 2 } }',
      ),
    ).toEqual([])
  })
})

describe('commands to an exchange', () => {
  const pipeline = (FILES['pipelines/billing.yaml'] ?? '').replace(
    "{ to: alerts, body: '{ total: price.total }' }",
    "{ to: notices, key: \"'dear.' + event.key\", body: '{ total: price.total }' }",
  )
  const more = { 'pipelines/billing.yaml': pipeline }
  const given = `${EVENTS}\nhandlers: { quote: [{ return: { total: 101 } }] }`

  test('arrive with their routing key', async () => {
    expect(
      await failures(
        given,
        'commands: { notices: [{ key: dear.a, value: { total: 101 } }] }\nothers: allow',
        HANDLERS,
        more,
      ),
    ).toEqual([])
  })

  test('are compared by it', async () => {
    const wanted = 'commands: { notices: [{ key: dear.b }] }\nothers: allow'
    expect(failuresOf(await runOne(oneCase(given, wanted), HANDLERS, more))).toEqual([
      '8:36 exchange notices: a command is not as expected',
    ])
  })
})

test('the same case takes the same course each time', async () => {
  const text = oneCase(
    `events: [${['a1', 'b1', 'c1', 'd1'].map((id) => order(id)).join(', ')}]
handlers: { quote: [{ throw: { message: no } }, { return: { total: 5 } }] }`,
    'others: allow',
  )
  const jittered = (FILES['pipelines/billing.yaml'] ?? '').replace('jitter: none', 'jitter: full')
  const course = async () => {
    const { cases } = await runOne(text, HANDLERS, { 'pipelines/billing.yaml': jittered })
    return cases.map(({ given, virtualMs }) => ({ given, virtualMs }))
  }
  expect(await course()).toEqual(await course())
})

describe('on real brokers', () => {
  const { embedded, world } = createComposition({})

  /** Embedded ones that nobody may take away, in real time: what a case is told about them is what it is told about real ones. */
  const stage = (limitMs: number) => {
    const { factories, setAvailable } = embedded(world)
    const real = realStage(world, factories, 'test-1.')
    return { setAvailable, stageFor: () => ({ ...real, limitMs }) }
  }
  const given = `${EVENTS}\nhandlers: { charge: [{ throw: { message: no } }] }`

  test('what is not settled in time is a failure', async () => {
    const { stageFor } = stage(300)
    const result = await runOne(oneCase(given, 'others: allow'), HANDLERS, {}, stageFor)
    expect(failuresOf(result)).toEqual([
      '3:11 not everything was settled within 0.3 s, the longest that a case may take',
    ])
  })

  test('what a lost broker leaves undone is no verdict', async () => {
    const { setAvailable, stageFor } = stage(300)
    const quote: Handler<unknown, unknown> = () => {
      setAvailable('work', false)
      return { total: 101 }
    }
    await expect(
      runOne(oneCase(EVENTS, 'others: allow'), { ...HANDLERS, quote }, {}, stageFor),
    ).rejects.toMatchObject({
      code: 'SLU1101',
      message: 'connection work went away, and the case did not end within 0.3 s',
    })
  })
})

test('a message that is done and not committed is a failure', async () => {
  const { embedded, world } = createComposition({})
  const stage = embeddedStage((caseWorld) => {
    const brokers = embedded(caseWorld)
    const kafka: typeof brokers.factories.kafka = (plan, context) => {
      const driver = brokers.factories.kafka(plan, context)
      const source: typeof driver.source = (options) =>
        Object.assign(driver.source(options), {
          commit: () => Promise.reject(new SluiceError('SLU5204', { message: 'not yours' })),
        })
      return { ...driver, source }
    }
    return { ...brokers, factories: { ...brokers.factories, kafka } }
  }, world)
  const text = oneCase(EVENTS, BILLED)
  expect(failuresOf(await runOne(text, HANDLERS, {}, () => stage))).toEqual([
    '5:16 given message 1 (0/0) is not settled',
  ])
})
