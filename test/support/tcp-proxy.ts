// A TCP proxy that can be cut, shut or turned into a black hole: network faults between one client and its broker.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpProxy {
  readonly host: string
  /** The same for the whole life of the proxy. */
  readonly port: number
  /** Connections that are open now. */
  connections(): number
  /** Resets every connection; new ones are accepted. */
  cut(): void
  /** Resets every connection and accepts no new ones, until `restore`. */
  refuse(): Promise<void>
  /** Accepts and answers nothing: bytes stop in both directions and no connection ends, until `restore`. */
  blackhole(): void
  /** Undoes `refuse` and `blackhole`; what was held back flows on. */
  restore(): Promise<void>
  close(): Promise<void>
}

interface Pair {
  readonly sides: readonly [Socket, Socket]
}

export async function createTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let held = false
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const pair: Pair = { sides: [client, connect(target)] }
    pairs.add(pair)
    for (const [index, side] of pair.sides.entries()) {
      const other = pair.sides[1 - index] as Socket
      side.on('data', (bytes) => {
        if (!other.write(bytes)) side.pause()
      })
      side.on('drain', () => {
        if (!held) other.resume()
      })
      side.on('end', () => other.end())
      side.on('error', () => {})
      side.on('close', () => {
        pairs.delete(pair)
        other.destroy()
      })
    }
    for (const side of pair.sides) flow(side, !held)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  const stop = () =>
    new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
  const cut = () => {
    for (const { sides } of pairs) for (const side of sides) side.resetAndDestroy()
  }
  const hold = (on: boolean) => {
    held = on
    for (const { sides } of pairs) for (const side of sides) flow(side, !on)
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    connections: () => pairs.size,
    cut,
    blackhole: () => hold(true),
    async refuse() {
      const stopped = stop()
      cut()
      await stopped
    },
    async restore() {
      hold(false)
      if (!server.listening) await listen(port)
    },
    async close() {
      const stopped = stop()
      cut()
      await stopped
    },
  }
}

function flow(side: Socket, on: boolean): void {
  if (on) side.resume()
  else side.pause()
}
