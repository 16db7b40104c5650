// A TCP proxy that can be cut, shut, slowed down or turned into a black hole: network faults between one client and its broker.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { SlowPipe, type Slowness } from './slow-pipe.ts'

export interface TcpProxy {
  readonly host: string
  /** The same for the whole life of the proxy. */
  readonly port: number
  /** Connections that are open now. */
  connections(): number
  /** Connections that were ever opened. */
  opened(): number
  /** Resets every connection; new ones are accepted. */
  cut(): void
  /** Ends the side of the broker's words only: clients are told that nothing more will come, and may still speak. */
  halfClose(): void
  /** Resets every connection and accepts no new ones, until `restore`. */
  refuse(): Promise<void>
  /** Accepts and answers nothing: bytes stop in both directions and no connection ends, until `restore`. */
  blackhole(): void
  /** Both directions of every connection, until `restore`. */
  slow(slowness: Slowness): void
  /** Undoes `refuse`, `blackhole` and `slow`; what was held back flows on. */
  restore(): Promise<void>
  close(): Promise<void>
}

interface Pair {
  readonly sides: readonly [Socket, Socket]
  readonly pipes: readonly [SlowPipe, SlowPipe]
}

/** Port 0 takes a free one. */
export async function createTcpProxy(
  target: { host: string; port: number },
  ownPort = 0,
): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let held = false
  let slowness: Slowness = {}
  let opened = 0
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    opened++
    const broker = connect({ ...target, allowHalfOpen: true })
    const pair: Pair = {
      sides: [client, broker],
      pipes: [new SlowPipe(client, broker), new SlowPipe(broker, client)],
    }
    pairs.add(pair)
    for (const [index, side] of pair.sides.entries()) {
      const other = pair.sides[1 - index] as Socket
      const pipe = pair.pipes[index] as SlowPipe
      pipe.be(slowness)
      side.on('data', (bytes) => pipe.take(bytes))
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
  const slow = (how: Slowness) => {
    slowness = how
    for (const { pipes } of pairs) for (const pipe of pipes) pipe.be(how)
  }
  await listen(ownPort)
  const { port } = server.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    connections: () => pairs.size,
    opened: () => opened,
    cut,
    halfClose() {
      for (const { sides } of pairs) sides[0].end()
    },
    blackhole: () => hold(true),
    slow,
    async refuse() {
      const stopped = stop()
      cut()
      await stopped
    },
    async restore() {
      slow({})
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
