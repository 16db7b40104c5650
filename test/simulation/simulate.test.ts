// Simulation of pipelines: they hold whatever their source and steps are, they are the same each time, they meet every fault, and what is
// planted is found.
import { beforeAll, describe, expect, test } from 'vitest'
import { INVARIANTS } from '../../workers/oracle/verdict.ts'
import { FAULTS, type FaultKind } from '../../workers/simulation/fault-plan.ts'
import { FLEETS, recorded } from './fleets.ts'
import { HANDLERS, seeds, simulation } from './project.ts'

/** Some kinds find nothing to do: without a cache none is flushed, and without a state store nothing that kills is found. */
const NEEDS_MORE: readonly FaultKind[] = [
  'cache-flush',
  'cache-down',
  'poison',
  'malformed',
  'revoke',
  'timeout',
]

describe.each(Object.entries(FLEETS))('%s', (_what, { files, handlers, never, broke = {} }) => {
  test('keeps every invariant under every fault, and each was looked at', async () => {
    const run = await simulation(files)
    const all = [...new Set([...seeds(12), ...Object.keys(broke).map(Number)])]
    const { failures, faults, invariants, messages } = await run({
      seeds: all,
      ...(handlers === undefined ? {} : { handlers }),
    })
    expect(failures).toEqual([])
    expect(messages).toBe(all.length * 104)
    expect(INVARIANTS.filter((name) => invariants[name].checked === 0)).toEqual(never)
    const missing = FAULTS.filter((kind) => faults[kind] === 0 && !NEEDS_MORE.includes(kind))
    expect(missing).toEqual([])
  })
})

describe('a simulation', () => {
  let run: Awaited<ReturnType<typeof simulation>>
  beforeAll(async () => void (run = await simulation({})))

  test('is the same for the same seeds, and another for others', async () => {
    const [once, again, other] = [
      await run({ seeds: [1, 2, 3] }),
      await run({ seeds: [1, 2, 3] }),
      await run({ seeds: [4, 5, 6] }),
    ]
    expect(again).toEqual(once)
    expect(other.history).not.toBe(once.history)
  })

  test('counts each kind that was asked for, and no other', async () => {
    const none = await run({ seeds: [1, 2, 3], faults: [] })
    expect([none.failures, none.faults]).toEqual([[], {}])
    const some = await run({ seeds: [1, 2, 3], faults: ['crash', 'malformed'] })
    expect(some.failures).toEqual([])
    expect(Object.keys(some.faults)).toEqual(['crash', 'malformed'])
  })

  test('a handler that answers otherwise each time is found, with the seed', async () => {
    let calls = 0
    const handlers = { ...HANDLERS, quote: () => ({ total: 100 + calls++ }) }
    const { failures } = await run({ seeds: [7, 8], handlers })
    expect(new Set(failures.map(({ invariant }) => invariant))).toEqual(new Set(['settled']))
    expect(new Set(failures.map(({ seed }) => seed))).toEqual(new Set([7, 8]))
  })

  test('a schema that nothing can be made up for is named', async () => {
    const schema = {
      type: 'object',
      required: ['id', 'sku'],
      properties: { id: { type: 'string' }, sku: { type: 'string', not: {} } },
    }
    const hopeless = await simulation({ 'schemas/events/order.json': JSON.stringify(schema) })
    await expect(hopeless({ seeds: [1] })).rejects.toMatchObject({
      code: 'SLU0361',
      message: 'no value that fits schema events/order could be made up',
    })
  })
})

test('with once nothing has an effect twice where nothing fails', async () => {
  const run = await simulation(recorded('once: { window: 1h }\norder: none'))
  const faults: FaultKind[] = ['duplicate', 'handler-slow', 'handler-error']
  const result = await run({ seeds: seeds(20), faults })
  expect(result.failures).toEqual([])
  expect(result.faults['duplicate']).toBeGreaterThan(30)
})

test.each(['a topic, with a state store', 'a queue, once', 'jobs, once'])(
  'of %s: messages that end their process, and they alone, become dead letters that say so',
  async (source) => {
    const run = await simulation(FLEETS[source]?.files ?? {})
    const { failures, faults, invariants } = await run({ seeds: seeds(8), faults: ['poison'] })
    expect(failures).toEqual([])
    expect(faults['poison']).toBeGreaterThan(20)
    // Each was judged to be a dead letter with the code of its own, and the order of the others was looked at where there is one.
    expect(invariants.failure.checked).toBeGreaterThan(0)
    expect(invariants.order.checked > 0).toBe(source.startsWith('a topic'))
  },
)
