// Asks a person before something is done; whoever presses Ctrl-C or hangs up has said no.
import { createInterface } from 'node:readline/promises'
import { eventLoopTurn } from '../core/clock.ts'

/** `io` is the terminal: results go to stdout, so the question does not. */
export async function confirmed(
  question: string,
  io: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream } = {
    input: process.stdin,
    output: process.stderr,
  },
): Promise<boolean> {
  const lines = createInterface(io)
  const closed = new Promise<void>((resolve) => lines.once('close', resolve))
  // What was said before the end of the input counts.
  const hungUp = closed.then(eventLoopTurn).then(() => '')
  const answer = await Promise.race([lines.question(`${question} [y/N] `).catch(() => ''), hungUp])
  lines.close()
  return /^y(es)?$/i.test(answer.trim())
}
