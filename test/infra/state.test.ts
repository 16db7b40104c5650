import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  NOTHING,
  parseState,
  readState,
  removeState,
  writeState,
} from '../../infra/brokers/state.ts'
import type { SetState } from '../../infra/brokers/state.ts'

const STATE: SetState = {
  version: 1,
  pinned: true,
  users: [{ pid: 7, started: '123' }],
  brokers: [
    { name: 'redis', dir: '/d', ports: { port: 1 }, processes: [{ pid: 8, started: '124' }] },
  ],
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-state-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the file of the running set', () => {
  it('gives back what was written, and nothing once removed', () => {
    writeState(folder, STATE)
    expect(readState(folder)).toEqual(STATE)
    removeState(folder)
    expect(readState(folder)).toEqual(NOTHING)
  })

  it('counts as nothing when it is torn', () => {
    writeFileSync(join(folder, 'state.json'), JSON.stringify(STATE).slice(0, 40))
    expect(readState(folder)).toEqual(NOTHING)
  })

  const broker = STATE.brokers[0]
  it.each([
    ['another version', { ...STATE, version: 2 }],
    ['no users', { ...STATE, users: undefined }],
    ['a pid that is text', { ...STATE, users: [{ pid: '7', started: '123' }] }],
    [
      'a process without its start',
      { ...STATE, brokers: [{ ...broker, processes: [{ pid: 8 }] }] },
    ],
    ['an unknown broker', { ...STATE, brokers: [{ ...broker, name: 'nats' }] }],
    ['a port that is no number', { ...STATE, brokers: [{ ...broker, ports: { port: 'x' } }] }],
    ['a list', []],
    ['null', null],
  ])('refuses %s', (_, value) => {
    expect(parseState(JSON.stringify(value))).toBeUndefined()
  })
})
