// Finds free ports on the loopback interface; never opens one to the outside.
import { createServer } from 'node:net'
import { systemWorld } from '../../workers/core/clock.ts'

// Below the ephemeral range (32768 on Linux): from inside it, a client that keeps dialling a broker that is down may be given
// the broker's own port as its source, connect to itself, and keep the broker from coming back.
const FIRST = 10_000
const LAST = 32_000

const given = new Set<number>()

/** A port nobody listens on, and that this process has not given out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = FIRST + Math.floor(systemWorld.random.next() * (LAST - FIRST))
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
  throw new Error(`no free port between ${FIRST} and ${LAST}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
