// The file of a recording: lines go to its end, whole lines before anything is settled; what a killed process left half-written is cut off.
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { asError, SluiceError } from '../core/errors.ts'
import { RECORDING_VERSION, type Entry, type Head } from './line.ts'

/** So much is held back at most; a message is told in some hundred bytes. */
const FLUSH_BYTES = 64 * 1024
/** A head is a few hundred bytes. */
const LONGEST_HEAD = 1024 * 1024

const CLOSED = -1

const synced = promisify(fdatasync)

export class Journal {
  /** Bytes at the end of the file that were no whole line and are gone. */
  readonly cutOff: number
  /** It was there: a run goes on with it. */
  readonly goesOn: boolean
  private readonly file: string
  /** Of nothing once it is closed: the system gives the number to another file. */
  private fd: number
  private lines: string[] = []
  private bytes = 0
  /** Of a write that did not take all of it. */
  private rest: Buffer = Buffer.alloc(0)

  /** Goes on with a recording of the same kind. Throws SLU1116 for a file that cannot be used, SLU1014 for one that holds something else. */
  constructor(file: string, head: Head) {
    this.file = file
    try {
      this.fd = openSync(file, 'a+', 0o600)
    } catch (cause) {
      throw new SluiceError('SLU1116', { message: asError(cause).message, cause })
    }
    try {
      this.cutOff = this.adopt(head)
      this.goesOn = fstatSync(this.fd).size > 0
      this.add(head)
      this.flush()
      // Where this fails nothing would ever be settled: a pipe, a device.
      fdatasyncSync(this.fd)
    } catch (cause) {
      closeSync(this.fd)
      if (cause instanceof SluiceError && cause.code === 'SLU1014') throw cause
      throw new SluiceError('SLU1116', { message: asError(cause).message, cause })
    }
  }

  /** Keeps what it cannot write: whoever settles hears of it. */
  add(line: Entry | Head): void {
    const text = `${JSON.stringify(line)}\n`
    this.lines.push(text)
    this.bytes += text.length
    if (this.bytes < FLUSH_BYTES) return
    try {
      this.flush()
    } catch {
      // Nothing is settled before another flush.
    }
  }

  /** Everything that was added survives the end of this process. Throws SLU5516. */
  flush(): void {
    if (this.lines.length > 0) {
      this.rest = Buffer.concat([this.rest, Buffer.from(this.lines.join(''))])
      this.lines = []
      this.bytes = 0
    }
    try {
      while (this.rest.length > 0) this.rest = this.rest.subarray(writeSync(this.fd, this.rest))
    } catch (cause) {
      throw this.unwritten(cause)
    }
  }

  /** As `flush`, and it survives the end of the machine. */
  async sync(): Promise<void> {
    this.flush()
    try {
      await synced(this.fd)
    } catch (cause) {
      throw this.unwritten(cause)
    }
  }

  /** Throws SLU5516 when the last lines could not be written: what they tell of was not settled. */
  async close(): Promise<void> {
    try {
      await this.sync()
    } finally {
      closeSync(this.fd)
      this.fd = CLOSED
    }
  }

  private unwritten(cause: unknown): SluiceError {
    const { message } = asError(cause)
    return new SluiceError('SLU5516', { message: `${this.file}: ${message}`, cause })
  }

  /** How much was cut off. */
  private adopt(head: Head): number {
    const { size } = fstatSync(this.fd)
    if (size === 0) return 0
    this.compare(head)
    const end = this.endOfLines(size)
    if (end < size) ftruncateSync(this.fd, end)
    return size - end
  }

  private compare({ mode, fleet, pipelines }: Head): void {
    const other = (what: string) =>
      new SluiceError('SLU1014', {
        message: `${this.file} ${what}; a run goes on with its own alone`,
      })
    const buffer = Buffer.alloc(LONGEST_HEAD)
    const text = buffer.subarray(0, readSync(this.fd, buffer, 0, LONGEST_HEAD, 0)).toString()
    const end = text.indexOf('\n')
    // Killed before its first line was whole.
    if (end === -1 && text.startsWith('{"recording":')) return
    const before = headIn(text.slice(0, Math.max(0, end)))
    if (before === undefined) throw other('holds no recording')
    const names = (one: Head) => Object.keys(one.pipelines).toSorted().join(', ')
    if (
      before.fleet !== fleet ||
      before.mode !== mode ||
      names(before) !== names({ pipelines } as Head)
    )
      throw other(`holds a ${before.mode} recording of ${before.fleet}: ${names(before)}`)
  }

  private endOfLines(size: number): number {
    const chunk = Buffer.alloc(FLUSH_BYTES)
    for (let end = size; end > 0;) {
      const from = Math.max(0, end - chunk.length)
      const read = readSync(this.fd, chunk, 0, end - from, from)
      const at = chunk.lastIndexOf(0x0a, read - 1)
      if (at !== -1) return from + at + 1
      end = from
    }
    return 0
  }
}

/** Undefined for a line that is none. */
export function headIn(line: string): Head | undefined {
  try {
    const found = JSON.parse(line) as Partial<Head> | null
    const { recording, mode, fleet, pipelines } = found ?? {}
    return recording === RECORDING_VERSION &&
      typeof mode === 'string' &&
      typeof fleet === 'string' &&
      isObject(pipelines) &&
      Object.values(pipelines).every(isObject)
      ? (found as Head)
      : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
