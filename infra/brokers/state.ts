// The running set on disk, as one JSON file; a file that does not read as ours counts as none.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerName, BrokerRecord } from './broker.ts'
import type { ProcessId } from './process.ts'

export interface SetState {
  readonly version: 1
  /** Started by hand: stays until it is taken down by hand. */
  readonly pinned: boolean
  /** Test runs that use the set now; an unpinned set goes with the last of them. */
  readonly users: readonly ProcessId[]
  readonly brokers: readonly BrokerRecord[]
}

export const NOTHING: SetState = { version: 1, pinned: false, users: [], brokers: [] }

const NAMES: readonly string[] = ['redis', 'rabbitmq', 'kafka'] satisfies BrokerName[]

export function readState(folder: string): SetState {
  let text: string
  try {
    text = readFileSync(fileIn(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING
    throw error
  }
  return parseState(text) ?? NOTHING
}

export function writeState(folder: string, state: SetState): void {
  const file = fileIn(folder)
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2) + '\n', { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export function removeState(folder: string): void {
  rmSync(fileIn(folder), { force: true })
}

export function parseState(text: string): SetState | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isState(value) ? value : undefined
}

function fileIn(folder: string): string {
  return join(folder, 'state.json')
}

function isState(value: unknown): value is SetState {
  return (
    isObject(value) &&
    value['version'] === 1 &&
    typeof value['pinned'] === 'boolean' &&
    isList(value['users'], isProcess) &&
    isList(value['brokers'], isBroker)
  )
}

function isBroker(value: unknown): boolean {
  return (
    isObject(value) &&
    NAMES.includes(String(value['name'])) &&
    typeof value['dir'] === 'string' &&
    isObject(value['ports']) &&
    Object.values(value['ports']).every(Number.isInteger) &&
    isList(value['processes'], isProcess)
  )
}

function isProcess(value: unknown): boolean {
  return isObject(value) && Number.isInteger(value['pid']) && typeof value['started'] === 'string'
}

function isList(value: unknown, each: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(each)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
