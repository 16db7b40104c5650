// Asks a Kafka broker, in its own protocol, for the coordinator of a group; never joins one and leaves nothing behind.
import { once } from 'node:events'
import { connect } from 'node:net'

const FIND_COORDINATOR = 10

/**
 * Resolves when the broker has registered itself, made the topic of group offsets and found it a leader: everything that a
 * first consumer would otherwise wait for. Spoken by hand because kafkajs warns of negative timeouts on this Node.
 */
export async function hasCoordinator(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write(request())
    const [reply] = (await once(socket, 'data')) as [Buffer]
    // Length and correlation id come before the error.
    const error = reply.readInt16BE(8)
    if (error !== 0) throw new Error(`Kafka has no coordinator yet (error ${error})`)
  } finally {
    socket.destroy()
  }
}

function request(): Buffer {
  const body = Buffer.concat([
    int16(FIND_COORDINATOR),
    int16(0), // version
    Buffer.alloc(4), // correlation id
    text('sluice-brokers'), // client id
    text('sluice-brokers'), // group
  ])
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([int16(bytes.length), bytes])
}
