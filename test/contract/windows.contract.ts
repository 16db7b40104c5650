// Windows of a state store: each effect is in one window at most, and each window is given to one effect, however often both are asked for.
import { describe, expect, it } from 'vitest'
import type { StateDriver, WindowEntry } from '../../workers/core/contract.ts'
import { eventually } from '../support/eventually.ts'
import type { StateServer } from './state.contract.ts'

const MINUTE = 60_000
/** Long past, at the beginning of a minute. */
const T = Date.UTC(2023, 4, 1, 12)

interface Stage {
  /** A driver of its own each time. */
  connected(): Promise<StateDriver>
  /** A name that nothing has yet. */
  fresh(): string
  server(): Pick<StateServer, 'pass' | 'now'>
}

export function windowsContract({ connected, fresh, server }: Stage): void {
  const entryOf = (scope: string, id: string, changed: Partial<WindowEntry> = {}): WindowEntry => ({
    scope,
    id,
    delivery: `orders/0/${id}`,
    place: '0',
    group: '"a"',
    at: T,
    reached: changed.at ?? T,
    everyMs: MINUTE,
    lateMs: 10_000,
    idleMs: 3_600_000,
    limit: 100,
    numbers: [],
    ...changed,
  })
  const nothing = (kind: string) => ({ kind, closed: [] })

  describe('windows', () => {
    it('are closed by whoever comes after their end, with all that was in them', async () => {
      const state = await connected()
      const scope = fresh()
      const add = (id: string, at: number, ...numbers: (number | undefined)[]) =>
        state.addToWindow(entryOf(scope, id, { at, numbers }))
      expect(await add('e1', T, 5, 0.1)).toEqual(nothing('counted'))
      expect(await add('e2', T + 59_999, -7, undefined)).toEqual(nothing('counted'))
      expect(await add('e3', T + 30_000, 2, 0.2)).toEqual(nothing('counted'))
      // Not before it is late.
      expect(await add('e4', T + 69_999, 1, 1)).toEqual(nothing('counted'))
      expect(await add('e5', T + 70_000, 1, 1)).toEqual({
        kind: 'counted',
        closed: [
          {
            first: 'e1',
            start: T,
            group: '"a"',
            count: 3,
            measured: [
              { count: 3, sum: 0, min: -7, max: 5 },
              { count: 2, sum: 0.1 + 0.2, min: 0.1, max: 0.2 },
            ],
          },
        ],
      })
    })

    it('count an effect once, and give back what it closed until that is forgotten', async () => {
      const [one, two] = [await connected(), await connected()]
      const scope = fresh()
      const first = entryOf(scope, 'e1')
      expect(await one.addToWindow(first)).toEqual(nothing('counted'))
      expect(await two.addToWindow(first)).toEqual(nothing('repeated'))
      const closing = entryOf(scope, 'e2', { at: T + 2 * MINUTE })
      const { closed } = await one.addToWindow(closing)
      expect(closed).toMatchObject([{ start: T, count: 1 }])
      expect(await two.addToWindow(closing)).toEqual({ kind: 'repeated', closed })
      expect(await two.addToWindow(closing)).toEqual({ kind: 'repeated', closed })
      await two.forgetClosed(scope, 'e2')
      await one.forgetClosed(scope, 'e2')
      await one.forgetClosed(scope, 'never')
      expect(await one.addToWindow(closing)).toEqual(nothing('repeated'))
      // Nobody else is given it.
      const later = await one.addToWindow(entryOf(scope, 'e3', { at: T + 3 * MINUTE + 10_000 }))
      expect(later.closed).toMatchObject([{ start: T + 2 * MINUTE, count: 1 }])
    })

    it('take nobody in who is late, be it again', async () => {
      const state = await connected()
      const scope = fresh()
      await state.addToWindow(entryOf(scope, 'e1'))
      await state.addToWindow(entryOf(scope, 'e2', { at: T + 70_000 }))
      expect(await state.addToWindow(entryOf(scope, 'e3', { at: T + 59_999 }))).toEqual(
        nothing('late'),
      )
      expect(await state.addToWindow(entryOf(scope, 'e1'))).toEqual(nothing('late'))
      expect(await state.addToWindow(entryOf(scope, 'e4', { at: T + MINUTE }))).toEqual(
        nothing('counted'),
      )
    })

    it('are one for each group, and come the oldest first', async () => {
      const state = await connected()
      const scope = fresh()
      for (const [nth, group] of ['"b"', '"ä"', '[1,"a:b"]', '"a"', '"b"'].entries())
        await state.addToWindow(entryOf(scope, `e${nth}`, { group }))
      await state.addToWindow(entryOf(scope, 'early', { group: '"z"', at: T - MINUTE }))
      const { closed } = await state.addToWindow(entryOf(scope, 'last', { at: T + 2 * MINUTE }))
      expect(closed.map(({ start, group, count }) => [start, group, count])).toEqual([
        [T - MINUTE, '"z"', 1],
        [T, '"a"', 1],
        [T, '"b"', 2],
        [T, '"ä"', 1],
        [T, '[1,"a:b"]', 1],
      ])
    })

    it('wait for every place that was heard of late', async () => {
      const state = await connected()
      const scope = fresh()
      const add = (id: string, place: string, at: number, idleMs = 3_600_000) =>
        state.addToWindow(entryOf(scope, id, { place, at, idleMs }))
      await add('e1', '0', T)
      await add('e2', '1', T)
      expect(await add('e3', '0', T + 3 * MINUTE)).toEqual(nothing('counted'))
      // Late where the place has passed it, and not where it has not.
      expect(await add('e4', '0', T)).toEqual(nothing('late'))
      expect(await add('e5', '1', T)).toEqual(nothing('counted'))
      expect(await add('e6', '1', T + 70_000)).toMatchObject({
        closed: [{ start: T, count: 3 }],
      })
    })

    it('do not wait for a place that is idle; what comes from there later opens them again', async () => {
      const state = await connected()
      const scope = fresh()
      const add = (id: string, place: string, at: number) =>
        state.addToWindow(entryOf(scope, id, { place, at, idleMs: 50 }))
      await add('e1', '0', T)
      await add('e2', '1', T)
      await server().pass(60)
      let tries = 0
      await eventually(
        'place 1 is idle',
        async () => {
          const { closed } = await add(`next-${tries++}`, '0', T + 2 * MINUTE)
          if (closed.length === 0) return false
          expect(closed).toMatchObject([{ start: T, count: 2, first: 'e1' }])
          return true
        },
        5_000,
      )
      expect(await add('e4', '1', T + 1)).toMatchObject({ kind: 'counted' })
      // Whoever comes again from there is known still.
      expect(await add('e2', '1', T)).toEqual(nothing('repeated'))
      const both = [
        await add('e5', '1', T + 2 * MINUTE),
        await add('e6', '0', T + 2 * MINUTE),
      ].flatMap(({ closed }) => closed)
      expect(both).toMatchObject([{ start: T, count: 1, first: 'e4' }])
    })

    it('are closed by no message before which others are missing, and by the last of these', async () => {
      const state = await connected()
      const scope = fresh()
      const add = (id: string, at: number, reached: number | undefined) =>
        state.addToWindow(entryOf(scope, id, { at, reached }))
      await add('e1', T, T)
      // It overtook others, which are not late for that.
      expect(await add('e3', T + 3 * MINUTE, undefined)).toEqual(nothing('counted'))
      expect(await add('e4', T + 3 * MINUTE, T)).toEqual(nothing('counted'))
      expect(await add('e2', T + 1, T + 3 * MINUTE)).toMatchObject({
        kind: 'counted',
        closed: [{ start: T, count: 2, first: 'e1' }],
      })
      expect(await add('e5', T + 2, T + 3 * MINUTE)).toEqual(nothing('late'))
    })

    it('wait for a place of which nothing is in line yet', async () => {
      const state = await connected()
      const scope = fresh()
      const add = (id: string, place: string, at: number, reached: number | undefined) =>
        state.addToWindow(entryOf(scope, id, { place, at, reached }))
      expect(await add('e1', '0', T, undefined)).toEqual(nothing('counted'))
      expect(await add('e2', '1', T + 2 * MINUTE, T + 2 * MINUTE)).toEqual(nothing('counted'))
      expect(await add('e3', '0', T + 2 * MINUTE, T + 2 * MINUTE)).toMatchObject({
        closed: [{ start: T, count: 1 }],
      })
    })

    it('are bounded: one more is refused unless one is over', async () => {
      const state = await connected()
      const scope = fresh()
      const add = (id: string, group: string, at: number) =>
        state.addToWindow(entryOf(scope, id, { group, at, limit: 2 }))
      await add('e1', '"a"', T)
      await add('e2', '"b"', T)
      expect(await add('e3', '"c"', T)).toEqual(nothing('full'))
      expect(await add('e4', '"a"', T)).toEqual(nothing('counted'))
      const { kind, closed } = await add('e5', '"c"', T + 2 * MINUTE)
      expect([kind, closed.map(({ group, count }) => [group, count])]).toEqual([
        'counted',
        [
          ['"a"', 2],
          ['"b"', 1],
        ],
      ])
    })

    it('hand over a hundred at once and the rest to who comes next', async () => {
      const state = await connected()
      const scope = fresh()
      const groups = Array.from({ length: 130 }, (_, nth) => `${nth}`)
      for (const group of groups)
        await state.addToWindow(entryOf(scope, `e${group}`, { group, limit: 1_000 }))
      const next = (id: string) =>
        state.addToWindow(entryOf(scope, id, { at: T + 2 * MINUTE, limit: 1_000 }))
      const all = [await next('n1'), await next('n2'), await next('n3')]
      expect(all.map(({ closed }) => closed.length)).toEqual([100, 30, 0])
      expect(all.flatMap(({ closed }) => closed.map(({ group }) => group)).toSorted()).toEqual(
        groups.toSorted(),
      )
    })

    it('are not run ahead by a wrong clock', async () => {
      const state = await connected()
      const scope = fresh()
      const present = server().now()
      const add = (id: string, at: number) => state.addToWindow(entryOf(scope, id, { at }))
      await add('e1', present)
      expect(await add('e2', present + 3_600_000)).toEqual(nothing('counted'))
      expect(await add('e3', present + 2 * 86_400_000)).toEqual(nothing('ahead'))
      expect(await add('e4', present)).toEqual(nothing('counted'))
    })

    it.each([0.1, 1e-300, 1e300, 2 ** 53 - 1, -0.30000000000000004, 123_456_789.123_456_78])(
      'lose nothing of a number: %d',
      async (number) => {
        const state = await connected()
        const scope = fresh()
        await state.addToWindow(entryOf(scope, 'e1', { numbers: [number] }))
        const { closed } = await state.addToWindow(
          entryOf(scope, 'e2', { at: T + 2 * MINUTE, numbers: [1] }),
        )
        expect(closed[0]?.measured).toEqual([{ count: 1, sum: number, min: number, max: number }])
      },
    )
  })
}
