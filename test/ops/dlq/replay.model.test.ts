// Several people at once on the same dead letters, each slow in his own way and killed at any call, done or not: whatever the order, a letter
// that goes back to a topic has one effect, a dropped one none that was not there before, and nothing stays open.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lettersOf } from '../../../workers/ops/dlq/destinations.ts'
import type { Letter } from '../../../workers/ops/dlq/letter.ts'
import type { Outcome } from '../../../workers/ops/dlq/operator.ts'
import { runs } from '../../support/fuzz.ts'
import { openDesk, status, type Desk, type DeskOptions } from './desk.ts'

interface Person {
  readonly does: 'replay' | 'drop'
  readonly comesMs: number
  /** One time after the other, from the beginning again. */
  readonly paces: readonly number[]
  readonly killedAt: number
  readonly done: boolean
}
const people = fc.array(
  fc.record<Person>({
    does: fc.constantFrom('replay', 'replay', 'drop'),
    comesMs: fc.constantFrom(0, 0, 3, 50, 39_000, 41_000),
    paces: fc.array(fc.constantFrom(0, 1, 2, 5, 40), { minLength: 1, maxLength: 8 }),
    killedAt: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(Infinity)),
    done: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
)

const lettersIn = async (desk: Desk): Promise<Letter[]> => {
  const letters: Letter[] = []
  const all = lettersOf(desk.operator().reach, desk.destination('orders.dlq'))
  for await (const letter of all) if (letter.kind === 'letter') letters.push(letter)
  return letters
}

/** All letters, one after the other; a letter that somebody holds is waited for, as long as anybody may hold it. */
async function works(desk: Desk, does: Person['does'], options: DeskOptions, letters: Letter[]) {
  const { by } = desk.operator(options)
  const where = desk.destination('orders.dlq')
  const outcomes: Outcome[] = []
  for (const letter of letters)
    for (;;) {
      const outcome = await (does === 'replay'
        ? by.replay(letter, where)
        : by.drop(letter, where, 'done with'))
      if (outcome.kind !== 'held') {
        outcomes.push(outcome)
        break
      }
      await desk.clock.sleep(outcome.leftMs)
    }
  return outcomes
}

test('any interleaving of people who may be killed has one effect for each letter', async () => {
  await fc.assert(
    fc.asyncProperty(people, async (all) => {
      const desk = await openDesk()
      await desk.fail({ offset: 1 }, { offset: 2 }, { offset: 3 })
      const letters = await lettersIn(desk)
      const working = all.map(async ({ does, comesMs, paces, ...options }) => {
        let calls = 0
        const callMs = () => paces[calls++ % paces.length] as number
        await desk.clock.sleep(comesMs)
        return works(desk, does, { ...options, callMs }, letters).catch((): Outcome[] => [])
      })
      const told = (await desk.passing(Promise.all(working))).flat()
      const before = await Promise.all(letters.map((letter) => status(desk, letter)))
      // Somebody comes who is not killed, and finishes what was begun.
      await desk.passing(works(desk, 'replay', {}, letters))
      for (const [nth, letter] of letters.entries()) {
        const effects = desk.arrived().filter(({ of }) => of === letter.key).length
        const after = await status(desk, letter)
        expect(after).not.toBe('open')
        // What is settled stays as it is.
        if (before[nth] !== 'open') expect(after).toBe(before[nth])
        expect(effects).toBeLessThanOrEqual(1)
        if (after === 'replayed') expect(effects).toBe(1)
        const lines = desk.lines.filter((line) => line.letter === letter.key)
        expect(lines.map(({ outcome }) => outcome)).toContain(after)
      }
      // Who is told that he did it is the only one who is.
      const did = told.filter(({ kind }) => kind === 'replayed' || kind === 'dropped')
      expect(did.length).toBeLessThanOrEqual(letters.length)
    }),
    { numRuns: runs(60) },
  )
})
