// The audit log: one JSON line for each thing that somebody did to a dead letter, confirmed by where it goes before the thing counts as done.
import { mkdirSync, openSync, writeSync, fdatasyncSync, closeSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { dirname } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import type { Sink } from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'

export interface AuditLine {
  readonly version: 1
  readonly time: string
  readonly actor: string
  readonly command: 'dlq replay' | 'dlq drop' | 'dlq show --reveal'
  readonly fleet: string
  readonly destination: string
  readonly place: string
  /** The letter, as the ledger knows it: a line that was written twice after a crash has the same one. */
  readonly letter: string
  readonly event: string | null
  readonly outcome: 'replayed' | 'dropped' | 'revealed'
  readonly reason?: string
  /** Of a replay: where to, as what, and the hash of what was edited. */
  readonly to?: string
  readonly messageId?: string
  readonly edited?: { readonly before: string | null; readonly after: string }
}

export interface Audit {
  /** Rejects with SLU1150 when the line was not taken. */
  write(line: AuditLine): Promise<void>
}

/** Nobody asked for one. */
export const noAudit: Audit = { write: () => Promise.resolve() }

export const auditTo = (sink: Sink, topic: string, clock: Clock): Audit => ({
  async write(line) {
    try {
      await sink.send({
        id: `${line.letter}/${line.outcome}`,
        key: Buffer.from(line.letter),
        value: Buffer.from(JSON.stringify(line)),
        headers: {},
        timestamp: clock.now(),
        contentType: 'application/json',
      })
    } catch (thrown) {
      throw notTaken(`topic ${topic}`, thrown)
    }
  },
})

/** Appended and on disk before it returns; several processes may write to one file, a line each. */
export const auditFile = (path: string): Audit => ({
  // oxlint-disable-next-line require-await -- the port is asynchronous
  async write(line) {
    try {
      mkdirSync(dirname(path), { recursive: true })
      const file = openSync(path, 'a', 0o640)
      try {
        writeSync(file, `${JSON.stringify(line)}\n`)
        fdatasyncSync(file)
      } finally {
        closeSync(file)
      }
    } catch (thrown) {
      throw notTaken(path, thrown)
    }
  },
})

const notTaken = (where: string, thrown: unknown) =>
  new SluiceError('SLU1150', {
    message: `the audit log took no line (${where}): ${asError(thrown).message}`,
    cause: thrown,
  })

/** Who does it, as far as the system says: SLUICE_ACTOR wins, for jobs that act on behalf of somebody. */
export function actorOf(env: NodeJS.ProcessEnv): string {
  const named = env['SLUICE_ACTOR']
  if (named !== undefined && named !== '') return named
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    return `unknown@${hostname()}`
  }
}
