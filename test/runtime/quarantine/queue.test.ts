// Quarantine of what a queue delivers again: known by what it is, whichever process gets it.
import { expect, it } from 'vitest'
import type { QueueMessage } from '../../../workers/core/message.ts'
import { eventually } from '../../support/eventually.ts'
import { CASES, Host } from './host.ts'

const queued = (id: string, offset: number, redelivered: boolean): QueueMessage => ({
  offset,
  id,
  redelivered,
  key: null,
  value: Buffer.from(`"${id}"`),
  headers: {},
  timestamp: 0,
})
const start = (host: Host) => host.start({ kind: 'queue', concurrency: 1 })

it('what is delivered for the first time costs nothing, and is held for nobody', async () => {
  const host = new Host()
  const { state, patient, feed } = await start(host)
  await feed(['a', 'b', 'c'].map((id, at) => queued(id, at, false)))
  expect(patient.freely).toEqual([0, 1, 2])
  expect(await state.list(CASES)).toEqual(new Map())
})

it('a message is known again by its id and what it says, whoever gets it, and given up after three ends', async () => {
  const host = new Host()
  const until = async (...ids: string[]) => {
    const { patient, feed } = await start(host)
    void feed(ids.map((id, at) => queued(id, at + 1, id !== 'new')))
    for (let at = 1; at < ids.length; at++) {
      await eventually('it runs', () => patient.open.has(at))
      patient.finish(at)
    }
    await eventually('it runs', () => patient.open.has(ids.length))
    return patient.alone.at(-1)
  }
  // With a concurrency of one, each that comes again has a marker of its own at once.
  expect(await until('new', 'x', 'deadly')).toEqual([3, undefined])
  expect(await until('deadly')).toEqual([1, undefined])
  expect(await until('x', 'y', 'deadly')).toEqual([3, undefined])
  expect(await until('y', 'deadly')).toEqual([2, 'SLU5520'])
})

it('another message with its id is not it', async () => {
  const host = new Host()
  for (let end = 0; end < 3; end++) {
    const { patient, feed } = await start(host)
    void feed([queued('a', 1, true)])
    await eventually('it runs', () => patient.open.has(1))
  }
  const { patient, feed } = await start(host)
  void feed([{ ...queued('a', 1, true), value: Buffer.from('"other"') }])
  await eventually('it runs', () => patient.open.has(1))
  expect(patient.alone).toEqual([[1, undefined]])
})
