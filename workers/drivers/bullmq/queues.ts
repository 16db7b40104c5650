// BullMQ's queues by the client they send over, each made once: a client has one connection in its life.
import { Queue } from 'bullmq'
import { isCluster, type RedisClient } from '../redis/client.ts'

/** In a cluster all that BullMQ keeps of a queue must have one slot: its name is what places it. On one server names stay as they are. */
export const nameOn = (client: RedisClient, address: string): string =>
  isCluster(client) ? `{${address}}` : address

export function createQueues(): (client: RedisClient, jobs: { readonly address: string }) => Queue {
  const queues = new WeakMap<object, Map<string, Queue>>()
  return (client, { address }) => {
    const known = queues.get(client) ?? new Map<string, Queue>()
    queues.set(client, known)
    const queue = known.get(address) ?? openQueue(client, address)
    known.set(address, queue)
    return queue
  }
}

function openQueue(connection: RedisClient, address: string): Queue {
  const queue = new Queue(nameOn(connection, address), { connection, skipVersionCheck: true })
  // Whatever it says is said to whoever asks as well.
  queue.on('error', () => {})
  return queue
}
