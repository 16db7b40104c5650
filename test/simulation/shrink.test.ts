// What a failure is shrunk to: as little as breaks the same invariant, the same when it is played again.
import { expect, test } from 'vitest'
import { ddmin } from '../../workers/simulation/ddmin.ts'
import { keepOf, keepText } from '../../workers/simulation/keep.ts'
import { stepsText } from '../../workers/simulation/steps-text.ts'
import { BUGS } from './mutants/bugs.ts'
import { FLEETS } from './fleets.ts'
import { simulation } from './project.ts'

test.each([
  ['order-broken-by-retry', 'order', 1],
  ['dead-letter-failure-swallowed', 'settled', 27],
])('the bug %s takes a few messages and faults to show', async (name, invariant, seed) => {
  const bug = BUGS.find((one) => one.name === name)
  const run = await simulation(FLEETS[bug?.fleet ?? '']?.files ?? {})
  const takeOut = bug?.plant()
  try {
    const { failures } = await run({ seeds: [seed], shrinks: true })
    const shortest = failures.find((one) => one.invariant === invariant)?.shortest
    expect(shortest?.violations.length).toBeGreaterThan(0)
    expect(shortest?.keep.messages.size).toBeLessThanOrEqual(3)
    expect(shortest?.keep.faults.size).toBeLessThanOrEqual(2)
    // Played again it breaks again, step by step as before.
    let steps = ''
    const again = await run({
      seeds: [seed],
      faults: shortest?.faults ?? [],
      keep: shortest && keepOf(keepText(shortest.keep)),
      onSeed: (_seed, found, { chronicle }) =>
        (steps = stepsText(
          chronicle,
          found.filter((one) => one.invariant === invariant),
        )),
    })
    expect(again.failures.map((one) => one.invariant)).toContain(invariant)
    expect(steps).toBe(shortest && stepsText(shortest.judged.played.chronicle, shortest.violations))
    expect(steps).toContain(`✗    ${invariant}: `)
  } finally {
    takeOut?.()
  }
})

test('delta debugging leaves what it takes, in its order', async () => {
  const items = Array.from({ length: 20 }, (_, index) => index)
  let asked = 0
  const fails = (some: readonly number[]) => {
    asked++
    return Promise.resolve(some.includes(3) && some.includes(17))
  }
  expect(await ddmin(items, fails)).toEqual([3, 17])
  expect(asked).toBeLessThan(60)
  expect(await ddmin(items, () => Promise.resolve(true))).toEqual([])
  expect(await ddmin([7], (some) => Promise.resolve(some.length === 1))).toEqual([7])
})

test('what is kept is written as it is read', () => {
  const keep = { messages: new Set([3, 9]), faults: new Set(['crash:1', 'refusal@9.2']) }
  expect(keepText(keep)).toBe('3,9,crash:1,refusal@9.2')
  expect(keepOf(' 3,9, crash:1,refusal@9.2,')).toEqual(keep)
})
