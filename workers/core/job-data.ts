// The data of a job as BullMQ keeps them: JSON that was read and written anew, so that spaces and the spelling of numbers are its own.

/** What is no JSON stays as it is: nobody can send it, and whoever can write to the Redis can put it there. */
export function jobData(value: Uint8Array | null): Uint8Array | null {
  if (value === null) return value
  try {
    return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(value).toString())))
  } catch {
    return value
  }
}
