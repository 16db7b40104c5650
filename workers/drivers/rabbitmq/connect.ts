// Opens one AMQP connection and hands out channels on it; every step is bounded, and a connection can always be torn down.
import { connect, type Channel, type ChannelModel } from 'amqplib'
import type { Duplex } from 'node:stream'
import { eventLoopTurn } from '../../core/clock.ts'
import type { DriverContext } from '../../core/contract.ts'
import { away, connectError, type Place, type RabbitmqSettings } from './errors.ts'

/** Reach the host, log in, open a channel: all of it. */
const CONNECT_MS = 5_000
/** Seconds. A silent broker is noticed after two to three of them; no load balancer takes the connection for idle. */
const HEARTBEAT_S = 10

/**
 * Runs `work` on a fresh connection and closes nothing when it succeeds. `cut` destroys the socket, at any time:
 * a half-open connection answers no closing handshake.
 */
export async function openConnection<T>(
  place: Place,
  context: DriverContext,
  signal: AbortSignal,
  work: (model: ChannelModel, cut: () => void) => Promise<T>,
): Promise<T> {
  const socket = new AbortController()
  const cut = () => socket.abort()
  let late = false
  const timer = context.world.clock.after(CONNECT_MS, () => {
    late = true
    cut()
  })
  signal.addEventListener('abort', cut, { once: true })
  try {
    if (signal.aborted) cut()
    const model = await connect(...address(place.settings, context.clientId, socket.signal))
    gatherWrites(model)
    return await work(model, cut)
  } catch (thrown) {
    cut()
    throw late
      ? away(place, `did not answer within ${CONNECT_MS / 1_000} s`, thrown)
      : connectError(place, thrown)
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', cut)
  }
}

function address(settings: RabbitmqSettings, clientId: string, signal: AbortSignal) {
  const { host, port, user, password, vhost } = settings
  const target = {
    hostname: host,
    port,
    username: user,
    password,
    // amqplib unescapes it.
    vhost: encodeURIComponent(vhost),
    heartbeat: HEARTBEAT_S,
  }
  // The signal is an option of net.Socket, to which amqplib hands everything.
  const options = {
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: clientId },
    signal,
  }
  return [target, options] as const
}

/**
 * amqplib writes each frame by itself: one system call a message. Corked until the event loop turns, all frames
 * of a turn leave in one. The socket is not part of amqplib's interface: without it we are slower, not wrong.
 */
function gatherWrites(model: ChannelModel): void {
  const stream = socketOf(model)
  if (stream === undefined) return
  const write = stream.write.bind(stream)
  let corked = false
  const uncork = () => {
    corked = false
    stream.uncork()
  }
  stream.write = ((...args: Parameters<typeof write>) => {
    if (!corked) {
      corked = true
      stream.cork()
      void eventLoopTurn().then(uncork)
    }
    return write(...args)
  }) as typeof stream.write
}

const socketOf = ({ connection }: ChannelModel) => (connection as { stream?: Duplex }).stream

/** A broker that was not heard for so long has given our messages to others, or soon will. */
export const FENCE_MS = 1_800 * HEARTBEAT_S

/** Calls `heard` for whatever arrives, heartbeats included, before it is read. */
export function onHeard(model: ChannelModel, heard: () => void): void {
  socketOf(model)?.prependListener('readable', heard)
}

/**
 * Asks something on a channel of its own: a refusal closes the channel it came on, and no other.
 * Rejects with the refusal.
 */
export async function onChannel<T>(
  model: ChannelModel,
  ask: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await model.createChannel()
  // A refusal arrives twice: here and, with its request, as the rejection.
  channel.on('error', () => {})
  const answer = await ask(channel)
  await channel.close()
  return answer
}
