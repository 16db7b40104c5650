// BullMQ's queues by the client they send over, each made once: a client has one connection in its life.
import { Queue, type ConnectionOptions } from 'bullmq'

export function createQueues(): (
  client: object & ConnectionOptions,
  jobs: { readonly address: string },
) => Queue {
  const queues = new WeakMap<object, Map<string, Queue>>()
  return (client, { address }) => {
    const known = queues.get(client) ?? new Map<string, Queue>()
    queues.set(client, known)
    const queue = known.get(address) ?? openQueue(client, address)
    known.set(address, queue)
    return queue
  }
}

function openQueue(connection: ConnectionOptions, address: string): Queue {
  const queue = new Queue(address, { connection, skipVersionCheck: true })
  // Whatever it says is said to whoever asks as well.
  queue.on('error', () => {})
  return queue
}
