// Brokers of one's own, to kill, pause and restart; they never outlive the process that started them.
import { KINDS, awaitReady, endProcesses, launchSite } from './instance.ts'
import { mainAlive, prepareSite, removeData } from './instance.ts'
import { freshFolder } from './folder.ts'
import { ensurePrograms } from './programs.ts'
import { gone, signal } from './process.ts'
import type { BrokerKind, BrokerRecord, Ports } from './broker.ts'

export interface IsolatedOptions {
  readonly port?: number
  /** More ports by name, as the kind of broker knows them; of what is not named a free one is taken. */
  readonly ports?: Ports
  /** Data to start from or to leave behind; without it a new folder, which `stop` removes. */
  readonly dir?: string
}

export interface IsolatedBroker {
  /** The broker's own process; another one after `restart`. */
  readonly pid: number
  /** Stays the same through restarts. */
  readonly port: number
  readonly ports: Ports
  readonly dir: string
  /** The variables of the guide that lead to this broker. */
  readonly env: Readonly<Record<string, string>>
  /** False: its process is gone. */
  alive(): boolean
  /** Sends a signal; SIGKILL and SIGTERM resolve when the process is gone, others at once. */
  kill(name: NodeJS.Signals): Promise<void>
  /** Ends it if it runs, starts it on the same ports and data, resolves when it answers. */
  restart(): Promise<void>
  /** Ends it for good. Idempotent. */
  stop(): Promise<void>
}

export const startRedis = (options?: IsolatedOptions) => startBroker(KINDS.redis, options)
export const startRabbit = (options?: IsolatedOptions) => startBroker(KINDS.rabbitmq, options)
export const startKafka = (options?: IsolatedOptions) => startBroker(KINDS.kafka, options)
/** A schema registry. */
export const startRegistry = (options?: IsolatedOptions) => startBroker(KINDS.registry, options)

export async function startBroker(
  kind: BrokerKind,
  options: IsolatedOptions = {},
): Promise<IsolatedBroker> {
  ensurePrograms(kind.programs(), (line) => process.stderr.write(line + '\n'))
  const ports = { ...options.ports, ...(options.port === undefined ? {} : { port: options.port }) }
  const dir = options.dir ?? freshFolder(kind.name)
  const site = await prepareSite(kind, { dir, ports, leashed: true })
  let record = await launchSite(kind, site)
  const stop = async (): Promise<void> => {
    await endProcesses(record, 3_000)
    if (options.dir === undefined) await removeData(site.dir)
  }
  const restart = async (): Promise<void> => {
    await endProcesses({ ...record, processes: record.processes.slice(0, 1) })
    record = await launchSite(kind, site, record.processes)
    await awaitReady(record)
  }
  try {
    await awaitReady(record)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    get pid() {
      return mainOf(record).pid
    },
    port: site.ports['port'] ?? 0,
    ports: site.ports,
    dir: site.dir,
    env: kind.env(site.ports),
    alive: () => mainAlive(record),
    kill: (signalName) => kill(record, signalName),
    restart,
    stop,
  }
}

async function kill(record: BrokerRecord, name: NodeJS.Signals): Promise<void> {
  const main = mainOf(record)
  signal(main, name)
  if (name !== 'SIGKILL' && name !== 'SIGTERM') return
  if (!(await gone(main, 30_000))) throw new Error(`${record.name} survives ${name}`)
}

function mainOf(record: BrokerRecord): BrokerRecord['processes'][number] {
  const [main] = record.processes
  if (main === undefined) throw new Error(`${record.name} has no process`)
  return main
}
