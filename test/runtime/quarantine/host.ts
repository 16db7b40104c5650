// What quarantine is tried with: a pipeline that only notes what it is handed, and processes one after the other on one store.
import { systemWorld } from '../../../workers/core/clock.ts'
import type { Intake, Lane, StateDriver } from '../../../workers/core/contract.ts'
import type { SluiceError } from '../../../workers/core/errors.ts'
import type { PlacedMessage } from '../../../workers/core/message.ts'
import { EmbeddedRedis } from '../../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../../workers/drivers/embedded/state-driver.ts'
import { casesIn } from '../../../workers/runtime/quarantine/cases.ts'
import { LogSuspects } from '../../../workers/runtime/quarantine/log-suspects.ts'
import type { Patient } from '../../../workers/runtime/quarantine/parts.ts'
import { Quarantine } from '../../../workers/runtime/quarantine/quarantine.ts'
import { recordOf } from '../../../workers/runtime/quarantine/record.ts'
import { Solo, type Member } from '../../../workers/runtime/quarantine/solo.ts'
import { deliveredAgain } from '../../../workers/runtime/quarantine/suspects.ts'
import { recordedLog } from '../../support/recorded-log.ts'

const FOLDER = 'shop:held:billing'
export const CASES = `${FOLDER}:cases`

/** Takes everything; what it was handed stays at work until the test settles it. */
export class NotingPatient implements Intake, Patient {
  readonly freely: number[] = []
  readonly alone: (readonly [offset: number, condemned: string | undefined])[] = []
  readonly finished = new Set<number>()
  readonly open = new Set<number>()
  /** Of what was taken alone. */
  waits: 'no' | 'not yet' | 'ready' = 'no'
  starts = 0
  away = false
  turns = 0
  held = false
  private looks: (() => void)[] = []
  granted() {}
  offer(_lane: Lane, messages: readonly PlacedMessage[], from: number) {
    for (const { offset } of messages.slice(from)) {
      if (this.finished.has(offset)) continue
      this.freely.push(offset)
      this.open.add(offset)
    }
    return messages.length - from
  }
  room = () => Promise.resolve()
  revoke = () => Promise.resolve()
  lost() {}
  hold(on: boolean) {
    this.held = on
    if (on) this.turns++
  }
  quiet = () => Promise.resolve()
  wasFinished = (_lane: Lane, offset: number) => this.finished.has(offset)
  isOpen = (_lane: Lane, offset: number) => this.open.has(offset)
  isQuiet = () => this.open.size === 0
  isPaused = () => false
  isAtRest = () => this.open.size === 0 || this.waits !== 'no'
  mayStart = () => !this.away
  isReady = () => this.waits === 'ready'
  goOn() {
    this.waits = 'no'
    this.starts++
  }
  takeAlone(_lane: Lane, { offset }: PlacedMessage, condemned: SluiceError | undefined) {
    if (this.away) return false
    this.alone.push([offset, condemned?.code])
    this.open.add(offset)
    this.starts++
    return true
  }
  async until(_lane: Lane, holds: () => boolean) {
    while (!holds()) await new Promise<void>((resolve) => this.looks.push(resolve))
  }
  changed() {
    for (const look of this.looks.splice(0)) look()
  }
  settle = () => Promise.resolve()
  finish(...offsets: number[]) {
    for (const offset of offsets) this.open.delete(offset)
    this.changed()
  }
}

export const messages = (from: number, to: number): PlacedMessage[] =>
  Array.from({ length: to - from }, (_, n) => ({
    offset: from + n,
    key: null,
    value: null,
    headers: {},
    timestamp: 0,
  }))

interface Options {
  readonly committed?: number
  readonly others?: readonly Member[]
  readonly concurrency?: number
  readonly kind?: 'log' | 'queue'
}

/** Processes one after the other, on one store. */
export class Host {
  readonly redis = new EmbeddedRedis(systemWorld.clock)
  private processes = 0

  async start({ committed = 0, others = [], concurrency = 4, kind = 'log' }: Options = {}) {
    const context = { world: systemWorld, log: recordedLog(), origin: 'test', clientId: 'test' }
    const state = createEmbeddedStateDriver(this.redis.state, context)
    // A store that is away at first is tried again by itself.
    await state.connect().catch(() => {})
    const solo = new Solo()
    for (const other of others) solo.join(other)
    const patient = new NotingPatient()
    const holder = `process ${++this.processes}`
    const quarantine = new Quarantine({
      intake: patient,
      patient,
      suspectsOf: (grant) =>
        kind === 'log' ? new LogSuspects({ state, folder: FOLDER, holder, grant }) : deliveredAgain,
      concurrency,
      solo,
      state,
      pipeline: 'billing',
      folder: CASES,
      holder,
      world: systemWorld,
      log: recordedLog(),
    })
    const lane: Lane = { id: 'orders/0', partition: 0, live: () => true }
    quarantine.granted([{ lane, committed, note: '' }])
    return { state, patient, quarantine, lane, feed: feeder(quarantine, lane) }
  }
}

export type Started = Awaited<ReturnType<Host['start']>>

/** Offers as a source does: what was not taken again, after there is room; resolves when all of it was taken. */
function feeder(quarantine: Quarantine, lane: Lane) {
  return async (batch: readonly PlacedMessage[]) => {
    for (let at = 0; at < batch.length;) {
      const took = quarantine.offer(lane, batch, at)
      at += took
      if (took === 0) await quarantine.room(lane)
    }
  }
}

export const stored = async (state: StateDriver) => recordOf(await state.read(FOLDER, 'orders/0'))
export const cases = async (state: StateDriver) =>
  [...casesIn(await state.list(CASES)).values()].map(({ atOnce, keys }) => [
    atOnce,
    keys.map((key) => key.split('/').at(-1)).join(' '),
  ])
