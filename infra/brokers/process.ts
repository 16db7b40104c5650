// Starts, recognises and ends operating-system processes; never signals one that it cannot prove to be ours.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { systemClock } from '../../workers/core/clock.ts'

/** A pid alone may be reused by a stranger; together with its start time it is one process for ever. */
export interface ProcessId {
  readonly pid: number
  /** Clock ticks since boot, as the kernel tells it. */
  readonly started: string
}

export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Output and errors are appended here. */
  readonly log: string
  /** Runs as this user; only root may name one. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** The kernel ends it with the process that starts it, however that one ends. */
  readonly leashed: boolean
}

/** Becomes the program that it is given, so that the pid stays. */
const LEASH = ['setpriv', '--pdeathsig', 'KILL', '--'] as const

/** Starts a process that outlives this one unless it is leashed. Rejects when the program cannot be started at all. */
export async function launch(what: Launch): Promise<ProcessId> {
  const log = openSync(what.log, 'a')
  try {
    const [command, ...before] = what.leashed ? [...LEASH, what.command] : [what.command]
    const child = spawn(command, [...before, ...what.args], {
      cwd: what.cwd,
      env: what.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...what.user,
    })
    await once(child, 'spawn')
    child.unref()
    const id = child.pid === undefined ? undefined : identify(child.pid)
    if (id === undefined) throw new Error(`${what.command} ended at once; its log is ${what.log}`)
    return id
  } finally {
    closeSync(log)
  }
}

/** The process that has this pid now; undefined when there is none, or only its zombie. */
export function identify(pid: number): ProcessId | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name in parentheses may hold spaces; the fields after it do not: state is the 3rd, threads the 20th, start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, threads, started] = [fields[0], fields[17], fields[19]]
  if (started === undefined || state === 'X') return undefined
  // A first thread that is a zombie is not the end: until the others are gone, sockets and files stay open.
  if (state === 'Z' && Number(threads) <= 1) return undefined
  return { pid, started }
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.started === id.started
}

/** Sends the signal if the process still is the one we know; false when it is gone. */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false
  try {
    return process.kill(id.pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** SIGTERM, then SIGKILL after `graceMs`. Resolves when the process is gone. */
export async function end(id: ProcessId, graceMs: number): Promise<void> {
  if (!signal(id, 'SIGTERM')) return
  if (await gone(id, graceMs)) return
  signal(id, 'SIGKILL')
  if (!(await gone(id, 10_000))) throw new Error(`process ${id.pid} survives SIGKILL`)
}

/** True as soon as the process is gone, false when it still lives after `withinMs`. */
export async function gone(id: ProcessId, withinMs: number): Promise<boolean> {
  const deadline = systemClock.monotonic() + withinMs
  while (isAlive(id)) {
    if (systemClock.monotonic() > deadline) return false
    await systemClock.sleep(20)
  }
  return true
}
