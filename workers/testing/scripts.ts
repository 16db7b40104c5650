// Handlers that do what a case says, and the real ones where it says nothing; knows which real ones wait for the world outside.
import type { Clock, Timer } from '../core/clock.ts'
import { sleepOn } from '../core/clock.ts'
import {
  permanent,
  retryAfter,
  type Handler,
  type HandlerCache,
  type HandlerContext,
} from '../core/handler.ts'
import type { Outcome, Scripts } from './plan.ts'

type AnyHandler = Handler<unknown, unknown>

export interface ScriptedParts {
  readonly handlers: Readonly<Record<string, AnyHandler>>
  /** For all messages. */
  readonly scripts: Scripts
  /** For the message with this id; they win. */
  readonly scriptsOf: (messageId: string) => Scripts
  readonly called: (handler: string) => void
  /** A handler itself put something into a cache. */
  readonly keyed: (cache: string, key: unknown) => void
}

export interface Scripted {
  readonly handlers: Readonly<Record<string, AnyHandler>>
  /** Real calls under way that wait for nothing on the case's own clock: a file, a socket, another process. */
  outside(): number
}

export function scripted({ handlers, scripts, scriptsOf, ...heard }: ScriptedParts): Scripted {
  const calls = new Map<string, number>()
  const open = new Set<{ waits: number }>()
  const wrap = (name: string, real: AnyHandler): AnyHandler => {
    return (input, context) => {
      const { id } = context.message
      const nth = `${name}\u0000${id}`
      const before = calls.get(nth) ?? 0
      calls.set(nth, before + 1)
      heard.called(name)
      const outcomes = scriptsOf(id)[name] ?? scripts[name]
      const outcome = outcomes?.[Math.min(before, outcomes.length - 1)] ?? { kind: 'real' }
      return outcome.kind === 'real'
        ? watched(real, input, context, open, heard.keyed)
        : played(outcome)
    }
  }
  return {
    handlers: Object.fromEntries(
      Object.entries(handlers).map(([name, real]) => [name, wrap(name, real)]),
    ),
    outside: () => [...open].filter(({ waits }) => waits === 0).length,
  }
}

function played(outcome: Exclude<Outcome, { kind: 'real' }>): unknown {
  switch (outcome.kind) {
    case 'return':
      return structuredClone(outcome.value)
    case 'throw':
      throw thrownBy(outcome)
    case 'timeout':
      // The deadline of the step ends it.
      return new Promise(() => {})
  }
}

function thrownBy({ message, permanent: isPermanent, retryAfterMs }: Outcome & { kind: 'throw' }) {
  if (isPermanent) return permanent(message)
  return retryAfterMs === undefined ? new Error(message) : retryAfter(retryAfterMs, message)
}

function watched(
  real: AnyHandler,
  input: unknown,
  context: HandlerContext,
  open: Set<{ waits: number }>,
  keyed: ScriptedParts['keyed'],
): unknown {
  const call = { waits: 0 }
  const clock = countingClock(context.clock, call)
  const answer = real(input, contextWith(context, clock, heardCaches(context.caches, keyed)))
  if (!(answer instanceof Promise)) return answer
  open.add(call)
  return answer.finally(() => open.delete(call))
}

type Caches = Readonly<Record<string, HandlerCache<unknown>>>

/** What stands in a cache is found by the hashes of keys only. */
const heardCaches = (caches: Caches, keyed: ScriptedParts['keyed']): Caches =>
  Object.fromEntries(
    Object.entries(caches).map(([name, cache]): [string, HandlerCache<unknown>] => [
      name,
      {
        get: (key) => cache.get(key),
        set(key, value) {
          keyed(name, key)
          return cache.set(key, value)
        },
      },
    ]),
  )

const contextWith = (context: HandlerContext, clock: Clock, caches: Caches): HandlerContext => ({
  clock,
  log: context.log,
  random: context.random,
  caches,
  shadow: context.shadow,
  progress: (percent) => context.progress(percent),
  message: context.message,
  get signal() {
    return context.signal
  },
})

/** The same clock; it counts who waits for it. */
function countingClock(clock: Clock, call: { waits: number }): Clock {
  const after: Clock['after'] = (ms, fn, options): Timer => {
    call.waits++
    let waiting = true
    const done = () => {
      if (waiting) call.waits--
      waiting = false
    }
    const timer = clock.after(
      ms,
      () => {
        done()
        fn()
      },
      options,
    )
    return {
      cancel() {
        done()
        timer.cancel()
      },
    }
  }
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after,
    sleep: (ms, signal) => sleepOn(after, ms, signal),
  }
}
