// Two recordings that differ in one planted place differ in exactly that; however they were written, and however often a message was told of.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { diff, type Difference, type DiffTerms } from '../../workers/recording/diff/diff.ts'
import type { Effect, Entry } from '../../workers/recording/line.ts'
import { runs } from '../support/fuzz.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TERMS: DiffTerms = { by: 'message', ignore: [], common: false }

const text = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

function compared(a: readonly object[], b: readonly object[], terms: Partial<DiffTerms> = {}) {
  const found: Difference[] = []
  const files = { a: join(folder, 'a.jsonl'), b: join(folder, 'b.jsonl') }
  writeFileSync(files.a, text(a))
  writeFileSync(files.b, text(b))
  const result = diff(files, { ...TERMS, ...terms }, (difference) => found.push(difference))
  return { found, result }
}

/** A body has a field that is never drawn, so that a planted change is one for certain. */
const body = fc
  .tuple(fc.object({ maxDepth: 2, maxKeys: 4, withUnicodeString: true }), fc.nat(9))
  .map(([value, total]) => JSON.parse(JSON.stringify({ ...value, total })) as object)

const effectOf = (id: string): fc.Arbitrary<Effect> =>
  fc.record(
    {
      kind: fc.constantFrom('event', 'command', 'job', 'store'),
      to: fc.constantFrom('billed', 'alerts'),
      id: fc.nat(3).map((turn) => `${id}/${turn}`),
      step: fc.constantFrom('one', 'two'),
      key: fc.constantFrom('k1', 'k2'),
      value: body,
    },
    { requiredKeys: ['kind', 'to', 'id', 'value'] },
  )

/** In the order of their offsets, as `order: key` settles them where nothing else is at work. */
const history: fc.Arbitrary<Entry[]> = fc
  .array(fc.tuple(fc.nat(2), fc.constantFrom('k1', 'k2', 'k3', null)), {
    minLength: 3,
    maxLength: 12,
  })
  .chain((messages) =>
    fc.tuple(
      ...messages.map(([partition, key], offset) =>
        fc.array(effectOf(`e-${offset}`), { minLength: 1, maxLength: 4 }).map((effects): Entry => ({
          pipeline: 'billing',
          message: `orders/${partition}/${offset}`,
          id: `e-${offset}`,
          key,
          outcome: 'acked',
          attempts: 1,
          effects,
          at: '2026-01-01T00:00:00.000Z',
        })),
      ),
    ),
  )

const replaced = <T>(list: readonly T[], at: number, by: readonly T[]): T[] =>
  list.toSpliced(at, 1, ...by)

/** What is planted at a place, what must be found of it, and nothing else. */
const PLANTS: Record<string, (entry: Entry) => { by: Entry[]; what: string; kind: string }> = {
  'a message is missing': () => ({ by: [], what: 'message', kind: 'missing' }),
  'a message is extra': (entry) => ({
    by: [entry, { ...entry, message: `${entry.message}0` }],
    what: 'message',
    kind: 'extra',
  }),
  'an outcome changed': (entry) => ({
    by: [{ ...entry, outcome: 'deadLettered' }],
    what: 'outcome',
    kind: 'changed',
  }),
  'an effect is missing': (entry) => ({
    by: [{ ...entry, effects: entry.effects.slice(1) }],
    what: 'effect',
    kind: 'missing',
  }),
  'an effect is extra': (entry) => ({
    by: [{ ...entry, effects: [...entry.effects, entry.effects[0] as Effect] }],
    what: 'effect',
    kind: 'extra',
  }),
  'a field changed': (entry) => {
    const [first, ...rest] = entry.effects as [Effect, ...Effect[]]
    const value = { ...(first.value as object), total: 17 }
    return {
      by: [{ ...entry, effects: [{ ...first, value }, ...rest] }],
      what: 'effect',
      kind: 'changed',
    }
  },
}

test.each(Object.keys(PLANTS))('%s: that is found, and nothing else', (name) => {
  fc.assert(
    fc.property(history, fc.nat(), (entries, at) => {
      const place = at % entries.length
      const planted = (PLANTS[name] as (typeof PLANTS)[string])(entries[place] as Entry)
      const { found, result } = compared(entries, replaced(entries, place, planted.by))
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({ what: planted.what, kind: planted.kind })
      expect(found[0]?.entry.message?.startsWith(entries[place]?.message ?? '-')).toBe(true)
      const isOfBoth = planted.what !== 'message'
      expect(result.both - result.equal).toBe(isOfBoth ? 1 : 0)
    }),
    { numRuns: runs(60) },
  )
})

test('a field that changed is named; ignored, there is no difference', () => {
  fc.assert(
    fc.property(history, fc.nat(), (entries, at) => {
      const place = at % entries.length
      const changed = PLANTS['a field changed']?.(entries[place] as Entry).by as Entry[]
      const other = replaced(entries, place, changed)
      const [found] = compared(entries, other).found
      expect(found).toMatchObject({ fields: [{ path: 'value.total', b: 17 }] })
      expect(compared(entries, other, { ignore: ['value.total'] }).found).toEqual([])
    }),
    { numRuns: runs(60) },
  )
})

test('however the lines of different keys are mixed, and whatever is told of again, nothing differs', () => {
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat(5)), fc.nat(), (entries, chance, cut) => {
      // Each key in order, what has none anywhere: as workers settle.
      const queues = [...Map.groupBy(entries, ({ key, message }) => key ?? message).values()]
      const mixed: Entry[] = []
      while (queues.some((queue) => queue.length > 0)) {
        const left = queues.filter((queue) => queue.length > 0)
        const queue = left[(chance.next().value as number) % left.length] as Entry[]
        mixed.push(queue[0] as Entry)
        queue.shift()
      }
      // A crash: the last ones are done again, in the same order.
      const again = mixed.slice(cut % (mixed.length + 1))
      const crashed = [
        ...mixed.map((entry) =>
          again.includes(entry) ? { ...entry, effects: [], outcome: 'released' } : entry,
        ),
        ...again,
      ]
      expect(compared(entries, crashed).found).toEqual([])
      expect(compared(crashed, entries).found).toEqual([])
    }),
    { numRuns: runs(60) },
  )
})

test('two messages of one key that changed places are one difference, and of no key none', () => {
  fc.assert(
    fc.property(history, (entries) => {
      const first = entries.findIndex(({ key }) => key !== null)
      const second = entries.findIndex(({ key }, at) => at > first && key === entries[first]?.key)
      fc.pre(first !== -1 && second !== -1)
      const swapped = entries
        .with(first, entries[second] as Entry)
        .with(second, entries[first] as Entry)
      const { found } = compared(entries, swapped)
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({ what: 'order', before: entries[first]?.message })
      const head = { recording: 1, mode: 'shadow', fleet: 'shop', at: '' }
      const loose = { ...head, pipelines: { billing: { source: 'orders', order: 'none' } } }
      expect(compared([loose, ...entries], [loose, ...swapped]).found).toEqual([])
    }),
    { numRuns: runs(60) },
  )
})

test('by their ids, messages are found again that stand elsewhere', () => {
  fc.assert(
    fc.property(history, (entries) => {
      const moved = entries.map((entry, at) => ({ ...entry, message: `other/0/${at}` }))
      expect(compared(entries, moved, { by: 'id' }).found).toEqual([])
      expect(compared(entries, moved).result).toMatchObject({ both: 0, onlyA: entries.length })
      expect(compared(entries, moved, { common: true }).found).toEqual([])
    }),
    { numRuns: runs(20) },
  )
})
