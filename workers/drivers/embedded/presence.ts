// The connection of an embedded driver: there is none, but it can be closed, and its broker can be away.
import type { Code } from '../../core/codes.ts'
import type { Driver, DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { Gate } from '../../core/gate.ts'

export interface Presence extends Driver {
  /** Why nothing can be done now; undefined when it can. */
  absence(): SluiceError | undefined
}

/** `available` belongs to the shared state; `code` is what the real driver says when its broker is away. */
export function createPresence(
  name: string,
  code: Code,
  available: Gate,
  { origin }: DriverContext,
): Presence {
  const connected = new Gate()
  let closed = false
  const absence = () => {
    if (connected.isOpen && available.isOpen) return undefined
    const why = closed ? 'was closed' : connected.isOpen ? 'is away' : 'is not connected'
    return new SluiceError(code, { message: `the embedded ${name} ${why} (${origin})` })
  }
  const answer = () => {
    const error = absence()
    return error === undefined ? Promise.resolve() : Promise.reject(error)
  }
  return {
    absence,
    connect() {
      if (!closed) connected.open()
      return answer()
    },
    isUp: () => connected.isOpen && available.isOpen,
    async whenUp(signal) {
      while (!(connected.isOpen && available.isOpen) && signal?.aborted !== true)
        await (connected.isOpen ? available : connected).whenOpen(signal)
    },
    ping: answer,
    close() {
      closed = true
      connected.shut()
      return Promise.resolve()
    },
  }
}
