// The whole runtime on embedded drivers: what it does when dependencies are away, when work fails, when it is told to stop.
import { describe, expect, test } from 'vitest'
import { eventLoopTurn } from '../../workers/core/clock.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import { permanent } from '../../workers/core/handler.ts'
import { type HandlerContext } from '../../workers/core/handler.ts'
import { eventually } from '../support/eventually.ts'
import { edited } from '../compile/project.ts'
import {
  billed,
  committed,
  counts,
  FLOW,
  handlers,
  idle,
  letters,
  log,
  put,
  queues,
  startWorker,
  topics,
  totals,
} from './billing-worker.ts'

test('a handler keeps values in the caches that its step names, and has no others', async () => {
  handlers['quote'] = async (input, ctx) => {
    const { prices } = (ctx as HandlerContext<{ prices: unknown }>).caches
    const known = await prices.get('first')
    if (known === undefined) await prices.set('first', input)
    return known ?? input
  }
  const seen: string[] = []
  handlers['charge'] = (_input, { caches }) => seen.push(...Object.keys(caches))
  put(1)
  put(2)
  const worker = await startWorker(
    edited('handler: quote,', 'handler: quote, caches: [prices],', FLOW),
  )
  await idle(worker)
  expect(totals(billed())).toEqual([1, 1])
  expect(worker.counts.caches).toMatchObject({ prices: { hits: 1, misses: 1 } })
  expect(seen).toEqual([])
})

describe('failures', () => {
  test('a retry goes on where the last attempt failed: effects before it are not repeated', async () => {
    const attempts: number[] = []
    handlers['charge'] = (_input, { message }) => {
      attempts.push(message.attempt)
      if (message.attempt < 3) throw new Error('not yet')
      return {}
    }
    put(1)
    const worker = await startWorker()
    await idle(worker)
    expect(attempts).toEqual([1, 2, 3])
    expect(totals(queues.peek('alerts'))).toEqual([1])
    expect(totals(billed())).toEqual([1])
    expect(counts(worker)).toMatchObject({ accepted: 1, acked: 1, retried: 2, deadLettered: 0 })
  })

  test('used-up attempts and refusals for good become dead letters; an invalid value never reaches a handler', async () => {
    let calls = 0
    handlers['quote'] = (input) => {
      calls++
      const { total } = input as { total: number }
      if (total === 1) throw new Error('always')
      if (total === 2) throw permanent('never')
      return { total }
    }
    for (const total of [1, 2, 3]) put(total)
    put(0, 'k', 'no json')
    const worker = await startWorker()
    await idle(worker)
    const header = (name: string) =>
      letters().map(({ headers }) => String(headers[`sluice-dlq-${name}`]))
    expect(header('code')).toEqual(['SLU5101', 'SLU5102', 'SLU5001'])
    expect(header('attempts')).toEqual(['3', '1', '1'])
    expect(header('step')).toEqual(['quote', 'quote', 'undefined'])
    expect(calls).toBe(3 + 1 + 1)
    expect(totals(billed())).toEqual([3])
    await worker.stop()
    expect(committed()).toBe(4)
  })

  test('a key waits for its own failures only, and stays in order', async () => {
    let release: () => void = () => {}
    const blocked = new Promise<void>((resolve) => {
      release = resolve
    })
    handlers['quote'] = async (input) => {
      const { total } = input as { total: number }
      if (total === 1) await blocked
      return { total }
    }
    put(1, 'slow')
    put(2, 'slow')
    put(3, 'quick')
    put(4, 'quick')
    const worker = await startWorker()
    await eventually('the quick key is done', () => billed().length === 2)
    expect(totals(billed())).toEqual([3, 4])
    release()
    await idle(worker)
    expect(totals(billed())).toEqual([3, 4, 1, 2])
  })

  test('the guard pauses the pipeline instead of draining the topic into dead letters', async () => {
    handlers['quote'] = () => {
      throw permanent('broken')
    }
    for (let n = 0; n < 50; n++) put(n, `k${n}`)
    const worker = await startWorker()
    await eventually('the guard trips', () => worker.paused().length === 1)
    expect(letters()).toHaveLength(4)
    expect(worker.checks()).toContainEqual(
      expect.objectContaining({ name: 'pipeline billing', status: 'fail' }),
    )
    await worker.stop()
    expect(letters()).toHaveLength(4)
    // What was not settled is not passed: the message that tripped it comes again.
    expect(committed()).toBeLessThanOrEqual(4)
    const { accepted = 0, released = 0, inFlight } = counts(worker) ?? {}
    expect([accepted - released, inFlight]).toEqual([4, 0])
  })
})

test('messages that were bad when they came pause it only where the guard counts them', async () => {
  const bad = () => {
    for (let n = 0; n < 30; n++) put(n, `k${n}`, 'no json')
  }
  bad()
  const calm = await startWorker()
  await idle(calm)
  expect(letters()).toHaveLength(30)
  await calm.stop()
  bad()
  const counting = 'tolerate: 4, counts: [exhausted, defect, invalid]'
  const before = log.lines.length
  const strict = await startWorker(edited('tolerate: 4', counting, FLOW))
  await eventually('the guard trips', () => strict.paused().length === 1)
  expect(letters()).toHaveLength(34)
  await strict.stop()
  expect(committed()).toBe(34)
  const said = log.lines
    .slice(before)
    .filter((line) => JSON.stringify(line).includes('The guard paused'))
  expect(said).toHaveLength(1)
})

describe('dependencies that are away', () => {
  test('an outage is no attempt: everything waits and goes on by itself', async () => {
    const worker = await startWorker()
    queues.setAvailable(false)
    for (let n = 0; n < 60; n++) put(n, `k${n % 5}`)
    await eventually('the pipeline waits', () => (counts(worker)?.inFlight ?? 0) > 0)
    // Long enough for three attempts, were they counted.
    await systemWorld.clock.sleep(100)
    expect(letters()).toEqual([])
    expect(counts(worker)).toMatchObject({ retried: 0, deadLettered: 0 })
    queues.setAvailable(true)
    await idle(worker)
    expect(totals(queues.peek('alerts')).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, n) => n),
    )
    expect(counts(worker)).toMatchObject({ acked: 60, retried: 0, deadLettered: 0 })
  })

  test('a dead letter that cannot be written holds the source, and nothing is committed past it', async () => {
    topics.create('orders.dlq', 1, 10)
    put(1, 'k', 'no json')
    put(2, 'k')
    const worker = await startWorker()
    await eventually('the letter was refused', () =>
      log.lines.some((line) => JSON.stringify(line).includes('A dead letter was not taken')),
    )
    expect(counts(worker)).toMatchObject({ deadLettered: 0, acked: 0 })
    await worker.stop()
    expect(committed() ?? 0).toBe(0)
    expect(counts(worker)).toMatchObject({ released: 2, inFlight: 0 })
  })
})

describe('stopping', () => {
  test('what is at work finishes, what has not started is handed back, and nothing is dead-lettered', async () => {
    let release: () => void = () => {}
    const blocked = new Promise<void>((resolve) => {
      release = resolve
    })
    handlers['quote'] = async (input) => {
      await blocked
      return input
    }
    for (let n = 0; n < 20; n++) put(n, `k${n}`)
    const worker = await startWorker()
    await eventually('eight are at work', () => counts(worker)?.inFlight === 20)
    const stopping = worker.stop()
    expect(worker.checks()).toContainEqual(
      expect.objectContaining({ name: 'process', status: 'fail' }),
    )
    release()
    await stopping
    expect(billed()).toHaveLength(8)
    expect(letters()).toEqual([])
    expect(counts(worker)).toMatchObject({ accepted: 20, acked: 8, released: 12, inFlight: 0 })
    expect(committed()).toBe(8)
    const next = await startWorker()
    await idle(next)
    expect(totals(billed()).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    )
  })

  test('work that outlasts the drain deadline is handed back, starts no further effect, and is not dead-lettered', async () => {
    let release: () => void = () => {}
    const hung = new Promise<void>((resolve) => {
      release = resolve
    })
    let gaveUp = false
    handlers['quote'] = async (input, { signal }) => {
      signal.addEventListener('abort', () => (gaveUp = true))
      await hung
      return input
    }
    put(1)
    // Timeouts must fit the drain, so each attempt is cut short, and there are many.
    const worker = await startWorker(
      FLOW.replaceAll('input: event.data }', 'input: event.data, timeout: 50ms }').replace(
        'attempts: 3',
        'attempts: 1000',
      ),
      '50ms',
    )
    await eventually('it is at work', () => counts(worker)?.inFlight === 1)
    await worker.stop()
    expect(counts(worker)).toMatchObject({ released: 1, inFlight: 0, acked: 0, deadLettered: 0 })
    release()
    await systemWorld.clock.sleep(5)
    expect(gaveUp).toBe(true)
    expect(queues.peek('alerts')).toEqual([])
    expect(committed() ?? 0).toBe(0)
  })

  test('waits of a retry are cut off, and the message comes again', async () => {
    let failing = true
    handlers['charge'] = () => {
      if (failing) throw new Error('later')
      return {}
    }
    put(1)
    const worker = await startWorker(edited('first: 1ms, max: 2ms', 'first: 1h, max: 1h', FLOW))
    await eventually('it waits for its second attempt', () => counts(worker)?.retried === 1)
    await worker.stop()
    expect(counts(worker)).toMatchObject({ released: 1, inFlight: 0, deadLettered: 0 })
    failing = false
    await idle(await startWorker())
    expect(totals(billed())).toEqual([1])
  })
})

describe('bounds', () => {
  test('never more than `concurrency` at work, nor more than `window` taken', async () => {
    let now = 0
    let most = 0
    handlers['quote'] = async (input, { clock }) => {
      most = Math.max(most, ++now)
      await clock.sleep(1)
      now--
      return input
    }
    for (let n = 0; n < 200; n++) put(n, `k${n}`)
    const worker = await startWorker()
    let taken = 0
    await eventually('the worker is idle', () => {
      taken = Math.max(taken, counts(worker)?.inFlight ?? 0)
      return worker.isIdle()
    })
    expect(most).toBe(8)
    expect(taken).toBeLessThanOrEqual(20)
    expect(totals(billed())).toHaveLength(200)
  })

  const WIDE = FLOW.replace('window: 20', 'window: 1000')
  const hang = () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    handlers['quote'] = async (input) => {
      await gate
      return input
    }
    return () => release()
  }

  test('of what could start at once no more is taken than is enough to go on with', async () => {
    const release = hang()
    for (let n = 0; n < 500; n++) put(n, `k${n}`)
    const worker = await startWorker(WIDE)
    await eventually('it takes no more', () => counts(worker)?.inFlight === 64)
    await eventLoopTurn()
    expect(counts(worker)?.inFlight).toBe(64)
    release()
    await idle(worker)
    expect(totals(billed())).toHaveLength(500)
  })

  test('what waits for its key is taken up to the whole window, so that other keys are reached', async () => {
    const release = hang()
    for (let n = 0; n < 900; n++) put(n, 'hot')
    for (let n = 900; n < 910; n++) put(n, `k${n}`)
    const worker = await startWorker(WIDE)
    await eventually('all is taken', () => counts(worker)?.inFlight === 910)
    release()
    await idle(worker)
    expect(totals(billed()).filter((total) => total < 900)).toEqual(
      Array.from({ length: 900 }, (_, n) => n),
    )
  })
})
