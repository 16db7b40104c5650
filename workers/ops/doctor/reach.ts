// Whether a host has an address and something listens on its port, and nothing more: no byte is sent.
import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import type { Clock } from '../../core/clock.ts'
import { asError } from '../../core/errors.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Addresses of a host; rejects with why there are none within `ms`. */
export function addressesOf(host: string, ms: number, clock: Clock): Promise<string[]> {
  if (isIP(host) !== 0) return Promise.resolve([host])
  const found = lookup(host, { all: true }).then((all) => all.map(({ address }) => address))
  return inTime(found, ms, clock)
}

/** Resolves with the milliseconds that a connection took; rejects with why there is none within `ms`. */
export function connectTo({ host, port }: Endpoint, ms: number, clock: Clock): Promise<number> {
  const since = clock.monotonic()
  const socket = connect({ host, port })
  const opened = new Promise<number>((resolve, reject) => {
    socket.once('connect', () => resolve(clock.monotonic() - since))
    socket.once('error', reject)
  })
  return inTime(opened, ms, clock).finally(() => socket.destroy())
}

/** The system's word for what went wrong: `ECONNREFUSED`. */
export function reasonOf(thrown: unknown): string {
  const { code, message } = asError(thrown) as Error & { code?: unknown }
  return typeof code === 'string' ? code : message
}

async function inTime<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  const over = new AbortController()
  try {
    return await Promise.race([
      work,
      clock.sleep(ms, over.signal).then(() => {
        throw new Error(`no answer within ${ms} ms`)
      }),
    ])
  } finally {
    over.abort()
  }
}
