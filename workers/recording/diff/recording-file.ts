// A recording as it is read: line by line, or one line at its place. Holds one line at a time; writes nothing.
import { closeSync, openSync, readSync } from 'node:fs'
import { asError, SluiceError } from '../../core/errors.ts'
import { headIn } from '../journal.ts'
import type { Effect, Entry, Head } from '../line.ts'

export interface PlacedEntry {
  /** Where its line begins, in bytes. */
  readonly at: number
  readonly entry: Entry
}

const CHUNK = 256 * 1024
/** A message of a megabyte with as many effects as a split has items. */
const LONGEST_LINE = 256 * 1024 * 1024
const NEWLINE = 0x0a

export class RecordingFile {
  readonly file: string
  readonly heads: Head[] = []
  /** Bytes at its end that are no whole line: its process was killed. */
  torn = 0
  private readonly fd: number
  /** Where single lines are read to; as large as the largest so far. */
  private one = Buffer.alloc(16 * 1024)

  /** Throws SLU1015. */
  constructor(file: string) {
    this.file = file
    try {
      this.fd = openSync(file, 'r')
    } catch (cause) {
      throw new SluiceError('SLU1015', { message: asError(cause).message, cause })
    }
  }

  close(): void {
    closeSync(this.fd)
  }

  /** Once, from the first to the last. Throws SLU1015 at a line that is none. */
  *entries(): Generator<PlacedEntry> {
    let number = 0
    for (const { at, text } of this.lines()) {
      number++
      if (text === '') continue
      const head = text.startsWith('{"recording":') ? headIn(text) : undefined
      if (head === undefined) yield { at, entry: this.entryOf(text, number) }
      else this.heads.push(head)
    }
  }

  /** One that `entries` gave before. */
  entryAt(at: number): Entry {
    for (let held = 0; ;) {
      const read = this.read(this.one.subarray(held), at + held)
      const end = this.one.subarray(0, held + read).indexOf(NEWLINE, held)
      if (end !== -1) return this.entryOf(this.one.toString('utf8', 0, end), undefined)
      if (read === 0) throw this.unreadable('it was cut off while it was read', undefined)
      held += read
      if (held === this.one.length) this.one = Buffer.concat([this.one, Buffer.alloc(held)])
    }
  }

  private *lines(): Generator<{ at: number; text: string }> {
    const chunk = Buffer.alloc(CHUNK)
    let parts: Buffer[] = []
    let held = 0
    let start = 0
    for (let position = 0; ;) {
      const read = this.read(chunk, position)
      if (read === 0) break
      position += read
      let begin = 0
      for (let end = 0; (end = chunk.subarray(0, read).indexOf(NEWLINE, begin)) !== -1;) {
        parts.push(chunk.subarray(begin, end))
        yield { at: start, text: Buffer.concat(parts).toString() }
        begin = end + 1
        start = position - read + begin
        parts = []
        held = 0
      }
      parts.push(Buffer.from(chunk.subarray(begin, read)))
      held += read - begin
      if (held > LONGEST_LINE) throw this.unreadable('a line is longer than 256 MiB', undefined)
    }
    this.torn = held
  }

  private read(chunk: Buffer, position: number): number {
    try {
      return readSync(this.fd, chunk, 0, chunk.length, position)
    } catch (cause) {
      throw this.unreadable(asError(cause).message, undefined)
    }
  }

  private entryOf(text: string, line: number | undefined): Entry {
    let found: unknown
    try {
      found = JSON.parse(text)
    } catch {
      throw this.unreadable('not valid JSON', line)
    }
    if (isEntry(found)) return { ...NOTHING_SAID, ...found }
    throw this.unreadable('not a line of a recording', line)
  }

  private unreadable(what: string, line: number | undefined): SluiceError {
    const place = line === undefined ? this.file : `${this.file}:${line}`
    return new SluiceError('SLU1015', { message: `${place}: ${what}` })
  }
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isTextOrNull = (value: unknown): boolean =>
  value === undefined || value === null || isText(value)

/** What others who write recordings need not say. */
const NOTHING_SAID = { message: null, id: null, key: null, outcome: null, attempts: 1, at: '' }

/** What the comparison relies on; more may be there. */
function isEntry(value: unknown): value is Pick<Entry, 'pipeline' | 'effects'> {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Partial<Entry>
  return (
    isText(entry.pipeline) &&
    isTextOrNull(entry.message) &&
    isTextOrNull(entry.id) &&
    isTextOrNull(entry.key) &&
    isTextOrNull(entry.outcome) &&
    Array.isArray(entry.effects) &&
    (entry.effects as unknown[]).every(isEffect)
  )
}

function isEffect(value: unknown): value is Effect {
  if (typeof value !== 'object' || value === null) return false
  const { kind, to } = value as Partial<Effect>
  return isText(kind) && isText(to)
}
