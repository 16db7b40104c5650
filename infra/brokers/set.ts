// The one shared set of native brokers of a project and user: started once, found again, repaired; ends only what it started itself.
import { join } from 'node:path'
import { SluiceError } from '../../workers/core/errors.ts'
import { answers, awaitReady, endProcesses, launchSite, SHARED } from './instance.ts'
import { mainAlive, prepareSite, removeData } from './instance.ts'
import { setFolder } from './folder.ts'
import { identify, isAlive } from './process.ts'
import { ensurePrograms } from './programs.ts'
import { locked } from './lock.ts'
import { readState, removeState, writeState } from './state.ts'
import type { BrokerKind, BrokerRecord } from './broker.ts'
import type { SetState } from './state.ts'

export type Say = (line: string) => void
export type Env = Readonly<Record<string, string>>

export interface BrokerStatus {
  readonly name: string
  readonly pid: number | undefined
  readonly port: number | undefined
  readonly status: 'answers' | 'silent' | 'ended'
}

export interface RunningSet {
  readonly env: Env
  readonly pinned: boolean
}

/** Makes the set run and returns its variables. `pin` keeps it until `down`; without it this process is a user until `release`. */
export function up(options: { pin: boolean; say: Say }): Promise<RunningSet> {
  linuxOnly()
  return locked(async () => {
    const folder = setFolder()
    const before = readState(folder)
    const users = before.users.filter(isAlive)
    const self = options.pin ? undefined : identify(process.pid)
    let state: SetState = {
      version: 1,
      pinned: before.pinned || options.pin,
      users: self === undefined ? users : [...users, self],
      brokers: before.brokers,
    }
    const save = (broker: BrokerRecord): void => {
      const others = state.brokers.filter((other) => other.name !== broker.name)
      state = { ...state, brokers: [...others, broker] }
      writeState(folder, state)
    }
    const kinds = SHARED
    const ready = await Promise.all(kinds.map((kind) => runs(find(before, kind))))
    const absent = kinds.filter((_, index) => ready[index] !== true)
    ensurePrograms(
      absent.flatMap((kind) => kind.programs()),
      options.say,
    )
    const results = await Promise.allSettled(
      absent.map((kind) => start(kind, folder, find(before, kind), save, options.say)),
    )
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) {
      if (before.brokers.length === 0) await clear(folder, state)
      throw failed.reason
    }
    writeState(folder, state)
    return { env: envOf(state.brokers), pinned: state.pinned }
  })
}

/** This process needs the set no longer. Resolves to true when that ended the set. */
export function release(): Promise<boolean> {
  return locked(async () => {
    const folder = setFolder()
    const state = readState(folder)
    const alive = state.users.filter(isAlive)
    const own = alive.findIndex((user) => user.pid === process.pid)
    const users = alive.filter((_, index) => index !== own)
    if (state.pinned || users.length > 0) {
      writeState(folder, { ...state, users })
      return false
    }
    await clear(folder, state)
    return true
  })
}

/** Ends the set whoever uses it. Resolves to what was ended. */
export function down(): Promise<readonly BrokerRecord[]> {
  return locked(async () => {
    const folder = setFolder()
    const state = readState(folder)
    await clear(folder, state)
    return state.brokers
  })
}

export async function status(): Promise<readonly BrokerStatus[]> {
  const { brokers } = readState(setFolder())
  return Promise.all(
    brokers.map(async (broker) => ({
      name: broker.name,
      pid: broker.processes[0]?.pid,
      port: broker.ports['port'],
      status: !mainAlive(broker) ? 'ended' : (await answers(broker)) ? 'answers' : 'silent',
    })),
  )
}

function envOf(brokers: readonly BrokerRecord[]): Env {
  const each = SHARED.map((kind) => {
    const broker = brokers.find(({ name }) => name === kind.name)
    return broker === undefined ? {} : kind.env(broker.ports)
  })
  return Object.assign({}, ...each) as Env
}

async function start(
  kind: BrokerKind,
  folder: string,
  known: BrokerRecord | undefined,
  save: (broker: BrokerRecord) => void,
  say: Say,
): Promise<void> {
  say(`starting ${kind.name}${known === undefined ? '' : ' again on its data'}`)
  let record: BrokerRecord
  if (known === undefined) {
    const dir = join(folder, kind.name)
    await removeData(dir)
    const site = await prepareSite(kind, { dir, leashed: false })
    record = await launchSite(kind, site)
  } else {
    const [main] = known.processes
    if (main !== undefined) await endProcesses({ ...known, processes: [main] })
    record = await launchSite(kind, { ...known, leashed: false }, known.processes)
  }
  // Before it answers: whoever interrupts us now must still find it.
  save(record)
  await awaitReady(record)
  say(`${kind.name} answers on port ${record.ports['port']}`)
}

async function clear(folder: string, state: SetState): Promise<void> {
  await Promise.all(
    state.brokers.map(async (broker) => {
      await endProcesses(broker, 3_000)
      await removeData(broker.dir)
    }),
  )
  removeState(folder)
  await removeData(folder)
}

function find(state: SetState, kind: BrokerKind): BrokerRecord | undefined {
  return state.brokers.find(({ name }) => name === kind.name)
}

/** Patient with a broker that is alive: a busy machine is no reason to take it from whoever uses it. */
async function runs(record: BrokerRecord | undefined): Promise<boolean> {
  return record !== undefined && (await answers(record, 30_000))
}

function linuxOnly(): void {
  if (process.platform === 'linux') return
  throw new SluiceError('SLU1105', {
    message:
      'native brokers run on Linux only; start Docker, or set KAFKA_BOOTSTRAP_SERVERS, REDIS_HOST and RABBITMQ_HOST',
  })
}
