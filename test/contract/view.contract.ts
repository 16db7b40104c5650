// What looking at a topic or a stream must do and must never do, embedded or real; a driver's own test says how to make one.
import { afterEach, describe, expect, it } from 'vitest'
import type { OutMessage, Sink } from '../../workers/core/contract.ts'
import type { LogRange, LogView } from '../../workers/core/log-view.ts'
import type { LogMessage } from '../../workers/core/message.ts'

export interface ViewSetup {
  /** A log of its own on the broker, empty; `partitions` is how many it has. */
  fresh(): Promise<{ view: LogView; sink: Sink; partitions: number }>
  /** Of a log that is not there. */
  missing(): Promise<LogView>
  /** What consumers, groups and counts look like on the broker, as far as a look could change it. */
  traces(): Promise<unknown>
  close(): Promise<void>
}

const messageOf = (n: number, more: Partial<OutMessage> = {}): OutMessage => ({
  id: `m${n}`,
  key: Buffer.from(`k${n % 7}`),
  value: Buffer.from(`m${n}`),
  headers: { n: String(n) },
  timestamp: 1_700_000_000_000,
  contentType: 'application/octet-stream',
  ...more,
})

const all = async (view: LogView, ranges?: readonly LogRange[]): Promise<LogMessage[]> => {
  const messages: LogMessage[] = []
  for (const range of ranges ?? (await view.ranges()))
    for await (const page of view.read(range)) messages.push(...page)
  return messages
}
const texts = (messages: readonly LogMessage[]) =>
  messages.map(({ value }) => Buffer.from(value ?? []).toString())
const held = (ranges: readonly LogRange[]) =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0)

export function viewContract(name: string, open: () => Promise<ViewSetup>): void {
  describe(`view contract: ${name}`, () => {
    let setup: ViewSetup
    afterEach(() => setup.close())
    const fill = async (sink: Sink, from: number, to: number) => {
      for (let at = from; at < to; at += 100)
        await Promise.all(
          Array.from({ length: Math.min(100, to - at) }, (_, n) => sink.send(messageOf(at + n))),
        )
    }

    it('shows everything once, in the order of each partition, bytes, keys and headers as they were', async () => {
      setup = await open()
      const { view, sink, partitions } = await setup.fresh()
      expect(await view.ranges()).toHaveLength(partitions)
      expect(held(await view.ranges())).toBe(0)
      expect(await all(view)).toEqual([])
      await fill(sink, 0, 1_000)
      const raw = Buffer.from([0, 255, 10, 13])
      await sink.send(messageOf(1_000, { value: raw, key: raw, headers: { raw, text: 'a\nb' } }))
      const ranges = await view.ranges()
      expect(held(ranges)).toBe(1_001)
      const messages = await all(view, ranges)
      const bytes = messages.find(({ headers }) => headers['raw'] !== undefined)
      expect(bytes).toMatchObject({ value: raw, key: raw, timestamp: 1_700_000_000_000 })
      expect(Buffer.from(bytes?.headers['raw'] as Uint8Array)).toEqual(raw)
      expect(String(bytes?.headers['text'])).toBe('a\nb')
      const others = messages.filter((message) => message !== bytes)
      expect(texts(others).toSorted()).toEqual(
        Array.from({ length: 1_000 }, (_, n) => `m${n}`).toSorted(),
      )
      for (const key of ['k0', 'k1', 'k2']) {
        const numbers = others
          .filter((message) => String(Buffer.from(message.key ?? [])) === key)
          .map(({ headers }) => Number(String(headers['n'])))
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
    })

    it('reads a part from its first offset up to its end, and nothing that came later', async () => {
      setup = await open()
      const { view, sink } = await setup.fresh()
      await fill(sink, 0, 300)
      const before = await view.ranges()
      const range = before.toSorted((a, b) => b.to - a.to)[0] as LogRange
      const part = await all(view, [{ ...range, from: range.from + 3, to: range.from + 9 }])
      expect(part.map(({ offset }) => offset)).toEqual([3, 4, 5, 6, 7, 8])
      await fill(sink, 300, 400)
      expect(await all(view, before)).toHaveLength(300)
      expect(await all(view)).toHaveLength(400)
      for (const nowhere of [
        { ...range, from: 5_000, to: 5_000 },
        { ...range, from: 5_000, to: 5_001 },
        { partition: 99, from: 0, to: 5 },
      ])
        expect(await all(view, [nowhere])).toEqual([])
    })

    it('stops when nobody wants to know more', async () => {
      setup = await open()
      const { view, sink } = await setup.fresh()
      await fill(sink, 0, 300)
      const range = (await view.ranges()).toSorted((a, b) => b.to - a.to)[0] as LogRange
      for await (const page of view.read(range)) {
        expect(page.length).toBeGreaterThan(0)
        break
      }
      expect(await all(view)).toHaveLength(300)
    })

    it('a hundred looks change nothing', async () => {
      setup = await open()
      const { view, sink } = await setup.fresh()
      await fill(sink, 0, 40)
      const ranges = await view.ranges()
      expect(held(ranges)).toBe(40)
      const before = await setup.traces()
      for (let look = 0; look < 100; look++) expect(await all(view, ranges)).toHaveLength(40)
      expect(await setup.traces()).toEqual(before)
      expect(await view.ranges()).toEqual(ranges)
    })

    it('rejects what is not there', async () => {
      setup = await open()
      const view = await setup.missing()
      await expect(view.ranges()).rejects.toMatchObject({
        code: expect.stringMatching(/^SLU5(205|703)$/) as string,
      })
    })
  })
}
