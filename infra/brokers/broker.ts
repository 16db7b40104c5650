// What brokers, and the registry beside them, have in common: how one is described, and the plain record of one that runs.
import type { Program } from './programs.ts'
import type { ProcessId } from './process.ts'

export type BrokerName = 'redis' | 'rabbitmq' | 'kafka' | 'registry'
export type Ports = Readonly<Record<string, number>>

/** Where one instance lives. Data survives restarts in `dir`. */
export interface Place {
  readonly dir: string
  readonly ports: Ports
}

export interface Site extends Place {
  /** Its processes end with the one that starts them. */
  readonly leashed: boolean
}

/** One instance as it is written to disk, so that another process can find, check and stop it. */
export interface BrokerRecord extends Place {
  readonly name: BrokerName
  /** The broker itself first, then what it needs beside it. */
  readonly processes: readonly ProcessId[]
}

export interface BrokerKind {
  readonly name: BrokerName
  /** The first is the one clients connect to; it is always `port`. */
  readonly ports: readonly ['port', ...string[]]
  /** What must be on this machine before `prepare`. */
  programs(): readonly Program[]
  /** Makes the data folder ready, once in its life. */
  prepare(site: Site): Promise<void>
  /** Starts it on its data. `left` are processes of the last run; those that are alive are kept. */
  launch(site: Site, left: readonly ProcessId[]): Promise<readonly ProcessId[]>
  /** Resolves when the broker really serves clients; rejects when not. May hang: the caller bounds it. */
  probe(place: Place): Promise<void>
  /** The variables of the guide. */
  env(ports: Ports): Readonly<Record<string, string>>
}

export function portOf(site: { readonly ports: Ports }, name: string): number {
  const port = site.ports[name]
  if (port === undefined) throw new Error(`no port named ${name}`)
  return port
}
