// The contracts of a fleet: what has a schema, who reads and writes it here, and what of it must stay compatible.
import { isMap, listOf, mapOf, type Raw } from '../raw.ts'
import type { Path, YamlFile } from '../yaml-file.ts'

/** backward: new readers take old values. forward: old readers take new values. */
export type Direction = 'backward' | 'forward'
export type Section = 'topics' | 'exchanges' | 'queues' | 'jobs' | 'stores' | 'caches'

export interface Contract {
  readonly section: Section
  readonly name: string
  /** In fleet.yaml. */
  readonly path: Path
  readonly schema: string | undefined
  /** Names of pipelines. */
  readonly readers: readonly string[]
  readonly writers: readonly string[]
  readonly directions: readonly Direction[]
}

/** The same for every state of a project, also one that this version would not run. */
export function contractsIn(
  fleet: YamlFile | undefined,
  pipelines: readonly YamlFile[],
): Map<string, Contract> {
  const uses = pipelines.flatMap(({ value }) => usesOf(mapOf(value)))
  const contracts = SECTIONS.flatMap((section) =>
    Object.entries(mapOf(mapOf(fleet?.value)[section]))
      .filter((entry): entry is [string, Raw] => isMap(entry[1]))
      .map(([name, raw]): [string, Contract] => {
        const by = (reads: boolean) => [
          ...new Set(
            uses
              .filter((use) => use.name === name && use.sections.includes(section))
              .filter((use) => (reads ? use.reads : use.writes))
              .map(({ pipeline }) => pipeline),
          ),
        ]
        const schema = typeof raw['schema'] === 'string' ? raw['schema'] : undefined
        const [readers, writers] = [by(true), by(false)]
        const directions =
          WRITTEN[String(raw['compatibility'])] ?? directionsOf(section, readers, writers)
        const path = [section, name]
        return [JSON.stringify(path), { section, name, path, schema, readers, writers, directions }]
      }),
  )
  return new Map(contracts)
}

const SECTIONS: readonly Section[] = ['topics', 'exchanges', 'queues', 'jobs', 'stores', 'caches']

const FULL: readonly Direction[] = ['backward', 'forward']
const WRITTEN: Readonly<Record<string, readonly Direction[]>> = {
  __proto__: null as never,
  backward: ['backward'],
  forward: ['forward'],
  full: FULL,
  none: [],
}

/** What is not written follows from who reads and writes; docs/decisions/schema-evolution.md says why. */
function directionsOf(
  section: Section,
  readers: readonly string[],
  writers: readonly string[],
): readonly Direction[] {
  if (section === 'caches') return ['backward']
  if (section !== 'topics') return FULL
  if (readers.length > 0 && writers.length === 0) return ['backward']
  return writers.length > 0 && readers.length === 0 ? ['forward'] : FULL
}

interface Use {
  readonly pipeline: string
  readonly sections: readonly Section[]
  readonly name: string
  readonly reads: boolean
  readonly writes: boolean
}

/** Verbs, the field that names the contract, and what the verb does with it. */
const VERBS: readonly {
  readonly verb: string
  readonly field: string
  readonly sections: readonly Section[]
  readonly reads: boolean
  readonly writes: boolean
}[] = [
  { verb: 'event', field: 'to', sections: ['topics'], reads: false, writes: true },
  { verb: 'command', field: 'to', sections: ['queues', 'exchanges'], reads: false, writes: true },
  { verb: 'job', field: 'to', sections: ['jobs'], reads: false, writes: true },
  { verb: 'store', field: 'in', sections: ['stores'], reads: false, writes: true },
  { verb: 'cache', field: 'in', sections: ['caches'], reads: true, writes: true },
  { verb: 'from', field: 'topic', sections: ['topics'], reads: true, writes: false },
  { verb: 'from', field: 'jobs', sections: ['jobs'], reads: true, writes: false },
  { verb: 'from', field: 'queue', sections: ['queues'], reads: true, writes: false },
]

function usesOf(file: Raw): Use[] {
  const pipeline = String(file['pipeline'])
  const source = { from: file['from'] }
  return [source, ...listOf(file['steps'])].flatMap((step) =>
    VERBS.flatMap(({ verb, field, ...use }) => {
      const name = mapOf(mapOf(step)[verb])[field]
      return typeof name === 'string' ? [{ pipeline, name, ...use }] : []
    }),
  )
}
