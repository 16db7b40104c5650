// One kafkajs client with sockets of its own, which can be torn down at any time; kafkajs alone leaves some open.
import { connect, type Socket } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import type { DriverContext } from '../../../core/contract.ts'
import { askInOurWay } from './own-requests.ts'
import { applyPatches } from './patches.ts'

const CONNECT_MS = 3_000

export interface ConnectionsOptions {
  readonly brokers: readonly string[]
  readonly context: DriverContext
  readonly requestTimeout: number
  /** Of connecting and of asking for metadata. At least one for each broker in the list. */
  readonly retries: number
}

export interface Connections {
  readonly kafka: Kafka
  /** Ends every connection, whatever is under way on it; no new ones are made. */
  destroy(): void
}

export function createConnections({
  brokers,
  context,
  requestTimeout,
  retries,
}: ConnectionsOptions): Connections {
  applyPatches()
  const sockets = new Set<Socket>()
  let destroyed = false
  const kafka = new Kafka({
    clientId: context.clientId,
    brokers: [...brokers],
    connectionTimeout: CONNECT_MS,
    requestTimeout,
    retry: {
      initialRetryTime: 100,
      retries: Math.max(retries, brokers.length),
      maxRetryTime: 2_000,
    },
    logLevel: logLevel.WARN,
    // What matters comes to us as errors and events; kafkajs reports each retry as an error.
    logCreator:
      () =>
      ({ namespace, log: { message, error, broker, groupId } }) =>
        context.log.debug({ namespace, error, broker, groupId }, `kafkajs: ${message}`),
    socketFactory: ({ host, port, onConnect }) => {
      if (destroyed) throw new Error('the client was closed')
      const socket = connect({ host, port, noDelay: true, keepAlive: true }, onConnect)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      return socket
    },
  })
  askInOurWay(kafka)
  return {
    kafka,
    destroy() {
      destroyed = true
      // Only an error tells kafkajs that the connection is over, so that it stops its timers.
      for (const socket of sockets) socket.destroy(new Error('the client was closed'))
    },
  }
}
