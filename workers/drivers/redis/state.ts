// The state store on Redis: each call is one script or one command that may be repeated; refuses a Redis that could forget.
import type { DriverContext, StateDriver } from '../../core/contract.ts'
import { type RedisSettings } from './settings.ts'
import { openLife } from './life.ts'
import { provesKept } from './kept.ts'
import { scripted } from './scripts.ts'
import { answerOf, givenKey, windowArguments } from './windows.ts'

/** The store is needed: waiting costs less than asking again. */
const STATE_BOUNDS = { commandMs: 2_000, late: 'SLU5405', refused: 'SLU5408' } as const

/** Texts that are read at once: whoever else asks waits no longer than for these, however many there are. */
const PAGE = 500

/** One connection for the whole state of a process; a call that has no answer within 2 s is an outage. */
export function createRedisStateDriver(
  settings: RedisSettings,
  context: DriverContext,
): StateDriver {
  const { driver, run } = openLife({
    place: { settings, origin: context.origin },
    context,
    bounds: STATE_BOUNDS,
    prove: provesKept,
  })
  return {
    ...driver,
    async claim({ key, place, token, leaseMs, keepMs, message, again }) {
      const [kind, leftMs] = await run('the claim', (client) =>
        scripted(client).sluiceClaim(
          key,
          place,
          token,
          whole(leaseMs),
          whole(keepMs),
          message,
          again,
        ),
      )
      return kind === 'held' ? { kind, leftMs } : { kind }
    },
    async settle({ key, place, token, leaseMs, keepMs }, as) {
      if (as === 'done')
        await run('the mark', (client) => scripted(client).sluiceDone(key, whole(keepMs)))
      else if (as === 'open')
        await run('the release', (client) => scripted(client).sluiceOpen(key, place, token))
      else
        await run('the lease', (client) =>
          scripted(client).sluiceHeld(key, place, token, whole(leaseMs), whole(keepMs)),
        )
    },
    async write({ folder, name, text, ttlMs, ifAbsent }) {
      const mode = ifAbsent === true ? 'absent' : 'any'
      const written = await run('the write', (client) =>
        scripted(client).sluiceWrite(...keysOf(folder, name), name, text, whole(ttlMs), mode),
      )
      return written === 1
    },
    async read(folder, name) {
      const [, key] = keysOf(folder, name)
      return (await run('GET', (client) => client.get(key))) ?? undefined
    },
    async list(folder) {
      const index = indexOf(folder)
      const names = await run('the list', (client) => scripted(client).sluiceNames(index))
      const found = new Map<string, string>()
      for (let from = 0; from < names.length; from += PAGE) {
        const page = names.slice(from, from + PAGE)
        const keys = page.map((name) => keysOf(folder, name)[1])
        const texts = await run('MGET', (client) => client.mget(keys))
        for (const [nth, name] of page.entries()) {
          const text = texts[nth]
          if (text !== null && text !== undefined) found.set(name, text)
        }
      }
      return found
    },
    async remove(folder, name) {
      await run('the removal', (client) =>
        scripted(client).sluiceRemove(...keysOf(folder, name), name),
      )
    },
    async addToWindow(entry) {
      const parts = windowArguments(entry)
      return answerOf(
        await run('the window', (client) => scripted(client).sluiceAddToWindow(...parts)),
      )
    },
    async forgetClosed(scope, id) {
      await run('the closed windows', (client) => client.del(givenKey(scope, id)))
    },
  }
}

/** A folder is one slot of a cluster: its index and its texts share a hash tag. */
const indexOf = (folder: string) => `{${folder}}`
const keysOf = (folder: string, name: string) =>
  [indexOf(folder), `${indexOf(folder)}:${name}`] as const

const whole = (ms: number) => Math.max(1, Math.round(ms))
