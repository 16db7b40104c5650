// Waits for a condition by asking again and again; fails with the last reason, never by sleeping for a guessed time.
import { setTimeout as pause } from 'node:timers/promises'

/** Resolves with the first answer that is not undefined or false; rejects when there was none within the deadline. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await pause(10)
  }
}
