// Time, chance and identity as values that are passed in; the only file that may touch the real ones.
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'

export interface Timer {
  cancel(): void
}

/** All waiting and all reading of time goes through a clock, so that tests and simulation own it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. May jump. */
  now(): number
  /** Milliseconds that only grow; for deadlines and leases. */
  monotonic(): number
  /** Calls `fn` once, never before `ms` have passed by `monotonic`. A pending timer never keeps the process alive by itself unless `keepAlive`. */
  after(ms: number, fn: () => void, options?: { keepAlive?: boolean }): Timer
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects: the caller looks at its signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
}

export interface Ids {
  /** A new unique id, UUID-shaped. */
  next(): string
}

/** What the runtime is given instead of globals. */
export interface World {
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
}

/** Resolves after `ms` on `clock`, or at once when `signal` aborts. */
export function sleepOn(
  after: Clock['after'],
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = after(ms, done, { keepAlive: true })
    signal?.addEventListener('abort', done, { once: true })
  })
}

/** The longest wait that a timer of Node takes; it fires at once for anything above. */
const LONGEST_MS = 2 ** 31 - 1

/** Node rounds to whole milliseconds and may be early by a part of one, so a timer looks at the clock before it calls. */
const after: Clock['after'] = (ms, fn, options) => {
  const due = performance.now() + ms
  const arm = () => {
    const left = due - performance.now()
    const armed = setTimeout(look, Math.min(LONGEST_MS, Math.max(0, Math.ceil(left))))
    if (options?.keepAlive !== true) armed.unref()
    return armed
  }
  const look = () => {
    if (performance.now() >= due) fn()
    else timer = arm()
  }
  let timer = arm()
  return { cancel: () => clearTimeout(timer) }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after,
  sleep: (ms, signal) => sleepOn(after, ms, signal),
}

export const systemWorld: World = {
  clock: systemClock,
  random: { next: () => Math.random() },
  ids: { next: () => randomUUID() },
}

/** RFC 3339 in UTC with milliseconds; times outside what a Date can hold are clamped. */
export function isoTime(ms: number): string {
  const bounded = Number.isFinite(ms) ? Math.max(-8.64e15, Math.min(8.64e15, ms)) : 0
  return new Date(bounded).toISOString()
}

/** The reverse: milliseconds since the epoch; NaN for what is no time. */
export const timeOf = (text: string): number => Date.parse(text)

/** Resolves when the event loop has turned once: whatever needed no time has run by then. */
export const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
