// Asks whether somebody listens on a loopback port; never sends a byte.
import { once } from 'node:events'
import { connect } from 'node:net'

/** Resolves when a connection is accepted, rejects with the socket's error when not. */
export async function answersTcp(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
