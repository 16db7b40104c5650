// The supervisor of connections, on a virtual clock: one link at a time, growing pauses, no way to hang.
import { describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { reconnectDelay, Supervisor, type Link } from '../../workers/core/supervisor.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { recordedLog } from '../support/recorded-log.ts'

const away = (message: string) => new SluiceError('SLU5301', { message })

class FakeLink implements Link {
  readonly lost: (error: SluiceError) => void
  closed = 0

  constructor(lost: (error: SluiceError) => void) {
    this.lost = lost
  }

  close(): Promise<void> {
    this.closed++
    return Promise.resolve()
  }
}

/** A supervisor whose attempts are answered by the test, or by `answer` at once. */
function supervised(answer?: (attempt: number) => 'ok' | 'away') {
  const clock = createVirtualClock(0)
  const log = recordedLog()
  const attempts: { at: number; lost: (error: SluiceError) => void; signal: AbortSignal }[] = []
  const links: FakeLink[] = []
  let settle = Promise.withResolvers<'ok' | 'away'>()
  const supervisor = new Supervisor<FakeLink>({
    world: { ...systemWorld, clock, random: { next: () => 1 } },
    log,
    name: 'the broker',
    absent: () => away('not connected'),
    async open(lost, signal) {
      attempts.push({ at: clock.monotonic(), lost, signal })
      const said = answer?.(attempts.length) ?? (await settle.promise)
      settle = Promise.withResolvers()
      if (said === 'away') throw away(`attempt ${attempts.length}`)
      const link = new FakeLink(lost)
      links.push(link)
      return link
    },
  })
  return {
    supervisor,
    clock,
    log,
    attempts,
    links,
    answer: (said: 'ok' | 'away') => settle.resolve(said),
  }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: SluiceError) => error.message,
  )

describe('connecting', () => {
  it('is one attempt for all who ask, and nothing once it is up', async () => {
    const { supervisor, attempts, links, answer } = supervised()
    const calls = [supervisor.connect(), supervisor.connect()]
    expect(supervisor.link).toBeUndefined()
    answer('ok')
    await Promise.all(calls)
    await supervisor.connect()
    expect(attempts).toHaveLength(1)
    expect(supervisor.link).toBe(links[0])
    await supervisor.close()
  })

  it('rejects with the reason of its attempt, and goes on trying at growing pauses', async () => {
    const { supervisor, clock, attempts } = supervised((n) => (n < 9 ? 'away' : 'ok'))
    expect(await codeOf(supervisor.connect())).toBe('attempt 1')
    let up = false
    void supervisor.whenUp().then(() => (up = true))
    await clock.advance(60_000)
    const pauses = attempts.slice(1).map(({ at }, n) => at - (attempts[n]?.at ?? 0))
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    expect([up, attempts.length]).toEqual([true, 9])
    await supervisor.close()
  })

  it('tries at once when asked during a pause', async () => {
    const { supervisor, clock, attempts } = supervised((n) => (n < 7 ? 'away' : 'ok'))
    await codeOf(supervisor.connect())
    await clock.advance(2_000)
    const before = attempts.length
    expect(await codeOf(supervisor.connect())).toBe(`attempt ${before + 1}`)
    expect(await codeOf(supervisor.connect())).toBe('ok')
    expect(clock.monotonic()).toBe(2_000)
    await supervisor.close()
  })
})

describe('losing a link', () => {
  it('is known at once, closes the link, opens another, and says so', async () => {
    const { supervisor, clock, links, log } = supervised(() => 'ok')
    await supervisor.connect()
    links[0]?.lost(away('cut'))
    expect(supervisor.link).toBeUndefined()
    expect(supervisor.failure.message).toBe('cut')
    const given = new AbortController()
    const wait = supervisor.whenUp(given.signal)
    given.abort()
    await wait
    expect(supervisor.link).toBeUndefined()
    await clock.advance(100)
    expect(links.map(({ closed }) => closed)).toEqual([1, 0])
    expect(supervisor.link).toBe(links[1])
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
    await supervisor.close()
  })

  it('pauses longer when links do not live, and starts small again after one that did', async () => {
    const { supervisor, clock, attempts, links } = supervised(() => 'ok')
    await supervisor.connect()
    const lose = async () => {
      const from = clock.monotonic()
      links.at(-1)?.lost(away('cut'))
      const count = attempts.length
      while (attempts.length === count) await clock.advance(50)
      return clock.monotonic() - from
    }
    expect([await lose(), await lose(), await lose(), await lose()]).toEqual([100, 200, 400, 800])
    await clock.advance(6_000)
    expect(await lose()).toBe(100)
    await supervisor.close()
  })

  it('during its own attempt makes the attempt a failed one', async () => {
    const { supervisor, clock, attempts, links, answer } = supervised()
    const connecting = codeOf(supervisor.connect())
    attempts[0]?.lost(away('lost before it was open'))
    answer('ok')
    expect(await connecting).toBe('lost before it was open')
    expect(supervisor.link).toBeUndefined()
    await clock.advance(0)
    expect(links[0]?.closed).toBe(1)
    await supervisor.close()
  })

  it('is of no interest to its successor', async () => {
    const { supervisor, clock, attempts, links } = supervised((n) => (n === 2 ? 'away' : 'ok'))
    await supervisor.connect()
    links[0]?.lost(away('cut'))
    await clock.advance(10_000)
    expect(supervisor.link).toBe(links[1])
    links[0]?.lost(away('cut again'))
    attempts[1]?.lost(away('of a failed attempt'))
    expect(supervisor.link).toBe(links[1])
    await supervisor.close()
  })
})

describe('closing', () => {
  it('closes the link, is idempotent, and refuses what comes after', async () => {
    const { supervisor, clock, attempts, links, log } = supervised(() => 'ok')
    await supervisor.connect()
    await Promise.all([supervisor.close(), supervisor.close()])
    expect(links[0]?.closed).toBeGreaterThan(0)
    expect(await codeOf(supervisor.connect())).toBe('not connected')
    expect([supervisor.link, supervisor.failure.message]).toEqual([undefined, 'not connected'])
    await clock.advance(60_000)
    expect(attempts).toHaveLength(1)
    expect(log.lines).toEqual([])
  })

  it('gives up an attempt under way, and those who wait for it', async () => {
    const { supervisor, attempts, links, answer } = supervised()
    const connecting = codeOf(supervisor.connect())
    const closing = supervisor.close()
    expect(attempts[0]?.signal.aborted).toBe(true)
    answer('ok')
    await closing
    expect(await connecting).toBe('not connected')
    expect(links[0]?.closed).toBe(1)
  })

  it('ends a pause', async () => {
    const { supervisor, clock } = supervised(() => 'away')
    await codeOf(supervisor.connect())
    await clock.advance(3_000)
    await supervisor.close()
    expect(clock.untilNext()).toBeUndefined()
  })
})

describe('the pause before the next attempt', () => {
  it('is half by chance, and bounded', () => {
    const at = (chance: number) => (failures: number) =>
      reconnectDelay(failures, { next: () => chance })
    expect([1, 2, 7, 1_000_000].map(at(0))).toEqual([50, 100, 2_500, 2_500])
    expect([1, 2, 7, 1_000_000].map(at(1))).toEqual([100, 200, 5_000, 5_000])
  })
})
