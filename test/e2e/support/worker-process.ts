// Runs the product's command line as a child process, as a user or a container would.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const BIN = resolve(import.meta.dirname, '../../../bin/sluice.js')
export const FLEET = resolve(import.meta.dirname, '../fleet')

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** Everything the process has said on stderr so far. */
  stderr(): string
  /** What it said on stderr since the last answer, up to and with the first match; rejects when it ends without one. */
  said(pattern: RegExp): Promise<string>
}

/** `node`: options of Node itself. */
export function sluice(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  node: readonly string[] = [],
): Running {
  const child = spawn(process.execPath, [...node, BIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let heard = 0
  let over = false
  let more = Promise.withResolvers<void>()
  const wake = () => {
    more.resolve()
    more = Promise.withResolvers()
  }
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    wake()
  })
  const finished = once(child, 'close').then(([code, signal]) => {
    over = true
    wake()
    return {
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr,
    }
  })
  const said = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(stderr.slice(heard))
      if (found !== null) {
        const text = stderr.slice(heard, heard + found.index + found[0].length)
        heard += text.length
        return text
      }
      if (over) throw new Error(`it ended without ${String(pattern)}:\n${stderr}`)
      await more.promise
    }
  }
  return { child, finished, stderr: () => stderr, said }
}

/** Polls until `look` is true; fails loudly after `withinMs`. */
export async function until(
  what: string,
  look: () => Promise<boolean> | boolean,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
