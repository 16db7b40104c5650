// Notices handlers that reach for the real clock or real chance instead of their context: in a simulation both are made, and a history
// that depends on the real ones is another one each time. Watches only while it is told to, and changes nothing of what is called.
import { AsyncLocalStorage } from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import { relative } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import type { Handlers } from './handler-faults.ts'

/** What holds each call, and how a handler's author writes it. */
const CALLS: readonly (readonly [owner: () => unknown, name: string, written: string])[] = [
  [() => Reflect.get(globalThis, 'Date'), 'now', 'Date.now()'],
  [() => Math, 'random', 'Math.random()'],
  [() => Reflect.get(globalThis, 'performance'), 'now', 'performance.now()'],
  [() => process.hrtime, 'bigint', 'process.hrtime.bigint()'],
  [() => globalThis, 'setTimeout', 'setTimeout()'],
  [() => globalThis, 'setInterval', 'setInterval()'],
  [() => globalThis, 'setImmediate', 'setImmediate()'],
  [() => AbortSignal, 'timeout', 'AbortSignal.timeout()'],
  [() => Reflect.get(globalThis, 'crypto'), 'randomUUID', 'crypto.randomUUID()'],
  [() => Reflect.get(globalThis, 'crypto'), 'getRandomValues', 'crypto.getRandomValues()'],
  [() => process.getBuiltinModule('node:timers'), 'setTimeout', 'setTimeout()'],
  [() => process.getBuiltinModule('node:timers'), 'setInterval', 'setInterval()'],
  [() => process.getBuiltinModule('node:timers/promises'), 'setTimeout', 'setTimeout()'],
  [() => process.getBuiltinModule('node:crypto'), 'randomUUID', 'randomUUID()'],
  [() => process.getBuiltinModule('node:crypto'), 'randomBytes', 'randomBytes()'],
  [() => process.getBuiltinModule('node:crypto'), 'randomInt', 'randomInt()'],
]

export class RealWorld {
  /** The name of the handler that runs. */
  private readonly running = new AsyncLocalStorage<string>()
  private readonly noticed = new Map<string, string>()
  private readonly restores: (() => void)[] = []

  /** Handlers that are known as such while they run, and whatever they wait for. */
  known(handlers: Handlers): Handlers {
    return Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [
        name,
        (input, ctx) => this.running.run(name, () => handler(input, ctx)),
      ]),
    )
  }

  watch(): void {
    for (const [owner, name, written] of CALLS) this.wrap(owner() as object, name, written)
    this.wrapDate()
    syncBuiltinESMExports()
  }

  /** Everything is as it was. */
  unwatch(): void {
    for (const restore of this.restores.splice(0).toReversed()) restore()
    syncBuiltinESMExports()
  }

  /** Throws SLU0362 when a handler was noticed. */
  assertUntouched(): void {
    if (this.noticed.size === 0) return
    throw new SluiceError('SLU0362', { message: [...this.noticed.values()].join('; ') })
  }

  private wrap(owner: object, name: string, written: string): void {
    const original: unknown = Reflect.get(owner, name)
    if (typeof original !== 'function') return
    const { notice } = this
    const wrapped = function (this: unknown, ...given: unknown[]): unknown {
      notice(written)
      return Reflect.apply(original, this, given)
    }
    // What hangs on a function, as the promise of a timer does, stays on it.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original))
    this.replace(owner, name, wrapped)
  }

  /** A date that is made of something is the same each time. */
  private wrapDate(): void {
    const { notice } = this
    const proxy: DateConstructor = new Proxy(Reflect.get(globalThis, 'Date') as DateConstructor, {
      construct(target, given, made): object {
        if (given.length === 0) notice('new Date()')
        return Reflect.construct(target, given, made === proxy ? target : made) as object
      },
      apply(target, self, given) {
        notice('Date()')
        return Reflect.apply(target, self, given) as string
      },
    })
    this.replace(globalThis, 'Date', proxy)
  }

  private replace(owner: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, {
      value,
      configurable: true,
      writable: true,
      enumerable: before?.enumerable ?? true,
    })
    this.restores.push(() => {
      if (before === undefined) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, before)
    })
  }

  private readonly notice = (written: string): void => {
    const handler = this.running.getStore()
    if (handler === undefined || this.noticed.has(`${handler} ${written}`)) return
    this.noticed.set(
      `${handler} ${written}`,
      `handler ${handler} calls ${written}${placeOf(new Error('here'))}`,
    )
  }
}

/** The first place in a file that is not this one: ` at workers/handlers/quote.ts:7:3`. */
function placeOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').flatMap((line) => /(\/[^()]*):(\d+):(\d+)\)?$/.exec(line) ?? [])
  for (let at = 0; at < frames.length; at += 4) {
    const [, file = '', line = '', column = ''] = frames.slice(at, at + 4)
    if (!import.meta.url.endsWith(file))
      return ` at ${relative(process.cwd(), file)}:${line}:${column}`
  }
  return ''
}
