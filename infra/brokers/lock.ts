// Lets one process at a time change the running set; a lock never outlives its holder.
import { createServer } from 'node:net'
import { systemClock } from '../../workers/core/clock.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { setName } from './folder.ts'
import type { Server } from 'node:net'

const WAIT_MS = 180_000

/** Runs `work` while holding the lock of this project's set. */
export async function locked<T>(work: () => Promise<T>): Promise<T> {
  const deadline = systemClock.monotonic() + WAIT_MS
  let holder = await claim()
  while (holder === undefined) {
    if (systemClock.monotonic() > deadline) {
      throw new SluiceError('SLU1106', { message: 'another process is starting the brokers' })
    }
    await systemClock.sleep(100)
    holder = await claim()
  }
  try {
    return await work()
  } finally {
    holder.close()
  }
}

/** A socket with an abstract name (Linux): the kernel lets one process listen, and frees the name when that process is gone. */
function claim(): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(`\0${setName()}`, () => resolve(server))
  })
}
