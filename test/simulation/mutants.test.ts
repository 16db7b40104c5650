// Bugs that are planted in the product: simulation finds each of them, by the invariant that it breaks, and each invariant has one that breaks it.
import { expect, test } from 'vitest'
import { INVARIANTS } from '../../workers/oracle/verdict.ts'
import { BUGS } from './mutants/bugs.ts'
import { find } from './mutants/find.ts'
import { plant } from './mutants/plant.ts'

test.each(BUGS)('$name: $what', { timeout: 120_000 }, async (bug) => {
  const { seed, invariants } = await find(bug)
  expect(seed).not.toBeNull()
  expect(invariants).toContain(bug.breaks)
})

test('every invariant has a bug that breaks it', () => {
  const broken = new Set(BUGS.map(({ breaks }) => breaks))
  expect(INVARIANTS.filter((name) => !broken.has(name))).toEqual([])
})

test('what is planted is taken out again, and is planted nowhere by mistake', () => {
  class Greeter {
    greet(name: string) {
      return `hello ${name}`
    }
  }
  const takeOut = plant(
    Greeter,
    'greet',
    (original) => (greeter: Greeter, name: string) => `${String(original(greeter, name))}, again`,
  )
  expect(new Greeter().greet('ann')).toBe('hello ann, again')
  takeOut()
  expect(new Greeter().greet('ann')).toBe('hello ann')
  expect(() => plant(Greeter, 'part', () => () => '')).toThrow('Greeter has no method part')
})
