// One broker from empty folder to answering and back; knows every kind by its description only.
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../../workers/core/errors.ts'
import { end, isAlive } from './process.ts'
import { until } from './until.ts'
import { freePort } from './ports.ts'
import { kafka } from './kafka.ts'
import { rabbitmq } from './rabbitmq.ts'
import { redis } from './redis.ts'
import { registry } from './registry.ts'
import type { BrokerKind, BrokerName, BrokerRecord, Ports, Site } from './broker.ts'

export const KINDS: Readonly<Record<BrokerName, BrokerKind>> = { redis, rabbitmq, kafka, registry }

/** Those of the shared set; the others are started by whoever needs one. */
export const SHARED: readonly BrokerKind[] = [redis, rabbitmq, kafka]

const READY_WITHIN_MS = 90_000

/** A new data folder below `root` on free ports; nothing runs yet. */
export async function prepareSite(
  kind: BrokerKind,
  place: { readonly dir: string; readonly ports?: Ports; readonly leashed: boolean },
): Promise<Site> {
  const { dir, leashed } = place
  const chosen: Record<string, number> = { ...place.ports }
  for (const name of kind.ports) chosen[name] ??= await freePort()
  // 0755 although it is ours: root's RabbitMQ runs as its own user and must get through.
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o755)
  const site = { dir, ports: chosen, leashed }
  await kind.prepare(site)
  return site
}

/** Starts the broker on its data. The record is valid at once; whether it answers is `awaitReady`'s to say. */
export async function launchSite(
  kind: BrokerKind,
  site: Site,
  left: BrokerRecord['processes'] = [],
): Promise<BrokerRecord> {
  const processes = await kind.launch(site, left)
  return { name: kind.name, dir: site.dir, ports: site.ports, processes }
}

export async function awaitReady(record: BrokerRecord): Promise<void> {
  const kind = KINDS[record.name]
  try {
    await until(() => kind.probe(record), {
      withinMs: READY_WITHIN_MS,
      alive: () => mainAlive(record),
    })
  } catch (error) {
    const log = join(record.dir, `${record.name}.log`)
    const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-15)
    throw new SluiceError('SLU1106', {
      message: `${record.name} did not come up; the end of ${log}:\n${tail.join('\n')}`,
      cause: error,
    })
  }
}

/** Alive, and answering within `withinMs`. */
export function answers(record: BrokerRecord, withinMs = 5_000): Promise<boolean> {
  const options = { withinMs, alive: () => mainAlive(record) }
  if (!options.alive()) return Promise.resolve(false)
  return until(() => KINDS[record.name].probe(record), options).then(
    () => true,
    () => false,
  )
}

export function mainAlive(record: BrokerRecord): boolean {
  const main = record.processes[0]
  return main !== undefined && isAlive(main)
}

/** Ends all its processes, the broker itself first. Its data stays. */
export async function endProcesses(record: BrokerRecord, graceMs = 10_000): Promise<void> {
  for (const id of record.processes) await end(id, graceMs)
}

export async function removeData(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
