// Compares the contracts of a project with those of an earlier state of it: which promises are broken, and for whom.
import type { Diagnostic } from '../../core/diagnostic.ts'
import { Diagnostics, type Place } from '../diagnostics.ts'
import { FLEET, readProject, startOf } from '../files.ts'
import { readSchemaFile } from '../schema-file.ts'
import { usable } from '../schemas.ts'
import type { YamlFile } from '../yaml-file.ts'
import { readYaml } from '../yaml-read.ts'
import { contractsIn, type Contract } from './contracts.ts'
import { pointerOf, SchemaDocument } from './document.ts'
import { JsonPlaces } from './json-places.ts'
import { titleOf, usersOf, wordsFor } from './words.ts'
import { findingsWithin } from './within.ts'

/** An earlier state of a project. */
export interface EarlierFiles {
  /** What the user calls it. */
  readonly title: string
  /** Files below `folder`, from the project. */
  list(folder: string): readonly string[]
  /** Undefined when it was not there; `unreadable` when it was no plain file, or is too large. */
  read(file: string): Uint8Array | 'unreadable' | undefined
}

export interface Evolution {
  readonly diagnostics: readonly Diagnostic[]
  /** How many contracts were compared. */
  readonly compared: number
}

/** What is wrong with the project itself is not said here. Never throws for what a user wrote. */
export function compareWith(root: string, earlier: EarlierFiles): Evolution {
  const out = new Diagnostics()
  const now = readProject(root, new Diagnostics())
  const before = earlierProject(earlier)
  if (now.fleet === undefined) return { diagnostics: [], compared: 0 }
  if (before.fleet === undefined) {
    const message = `there is nothing to compare with: ${earlier.title} has no ${FLEET} that can be read`
    out.warning('SLU0373', startOf(FLEET), message, 'name a commit that holds this project')
    return { diagnostics: out.sorted(), compared: 0 }
  }
  const old = contractsIn(before.fleet, before.pipelines)
  const current = contractsIn(now.fleet, now.pipelines)
  const comparer = new Comparer(root, earlier, now.fleet, out)
  for (const [key, contract] of old) {
    const successor = current.get(key)
    if (successor === undefined) comparer.gone(contract, [...current.values()])
    else comparer.compare(contract, successor)
  }
  return { diagnostics: out.sorted(), compared: comparer.compared }
}

function earlierProject(earlier: EarlierFiles): {
  fleet: YamlFile | undefined
  pipelines: YamlFile[]
} {
  const read = (file: string) => {
    const bytes = earlier.read(file)
    if (bytes === undefined || bytes === 'unreadable') return undefined
    return readYaml(file, bytes, new Diagnostics())
  }
  const pipelines = earlier
    .list('pipelines')
    .filter((file) => /^pipelines\/[^/]+\.ya?ml$/.test(file) && !/\.test\.ya?ml$/.test(file))
    .filter((file) => file !== FLEET)
    .map(read)
    .filter((file) => file !== undefined)
  return { fleet: read(FLEET), pipelines }
}

class Comparer {
  compared = 0
  private readonly root: string
  private readonly earlier: EarlierFiles
  private readonly fleet: YamlFile
  private readonly out: Diagnostics

  constructor(root: string, earlier: EarlierFiles, fleet: YamlFile, out: Diagnostics) {
    this.root = root
    this.earlier = earlier
    this.fleet = fleet
    this.out = out
  }

  /** A cache that is gone fails nobody who reads by the new code. */
  gone(contract: Contract, others: readonly Contract[]): void {
    const { section, name, schema, directions } = contract
    if (schema === undefined || directions.length === 0) return
    if (section === 'caches' && !directions.includes('forward')) return
    const renamed = others.find((other) => other.section === section && other.schema === schema)
    const also = renamed === undefined ? '' : `, also if "${renamed.name}" takes its place`
    this.out.error(
      'SLU0374',
      this.fleet.key([section]),
      `${titleOf(contract)} is gone; it was ${usersOf(contract)}`.replace('was no', 'had no'),
      `keep "${name}" until nobody uses it${also}; compatibility: none says so, one release before it goes`,
    )
  }

  compare(old: Contract, now: Contract): void {
    if (now.directions.length === 0 || (old.schema === undefined && now.schema === undefined))
      return
    this.compared++
    const at = this.fleet.at([...now.path, 'schema'])
    if (now.schema === undefined) this.schemaGone(now)
    else if (old.schema === undefined) {
      if (now.directions.includes('backward'))
        this.unproven(now, at, 'it had no schema before', 'check that old values fit the schema')
    } else this.compareSchemas(old.schema, now, now.schema, at)
  }

  private schemaGone(now: Contract): void {
    if (!now.directions.includes('forward')) return
    this.out.error(
      'SLU0374',
      this.fleet.key(now.path),
      `${titleOf(now)} has no schema any more; ${usersOf(now)}`,
      'readers of the old schema count on it: keep it, or write compatibility: none first',
    )
  }

  private compareSchemas(was: string, now: Contract, schema: string, at: Place): void {
    const file = `schemas/${schema}.json`
    const read = readSchemaFile(this.root, file, new Diagnostics())
    // Of one that is missing or of no use the compiler has spoken.
    if (typeof read === 'string') return
    const current = usable(file, read.text, new Diagnostics())
    if (current === undefined) return
    const before = this.earlierSchema(`schemas/${was}.json`)
    if (typeof before === 'string') {
      this.unproven(now, at, before, 'compare the schemas by hand, or name another commit')
      return
    }
    const places = new JsonPlaces(file, read.text)
    const [older, newer] = [new SchemaDocument(before), new SchemaDocument(current)]
    for (const direction of now.directions) {
      const backward = direction === 'backward'
      const found = backward ? findingsWithin(older, newer) : findingsWithin(newer, older)
      for (const each of found) {
        const path = backward ? each.by : each.from
        const words = wordsFor(now, direction, each, pointerOf(path))
        const { code, hint } = words
        const message = was === schema ? words.message : `${words.message}; its schema was ${was}`
        if (each.certain) this.out.error(code, places.at(path), message, hint)
        else this.out.warning(code, places.at(path), message, hint)
      }
    }
  }

  /** A text says why there is none. */
  private earlierSchema(file: string): object | string {
    const { title } = this.earlier
    const bytes = this.earlier.read(file)
    if (bytes === undefined) return `${title} has no ${file}`
    const text = bytes === 'unreadable' ? undefined : Buffer.from(bytes).toString('utf8')
    const schema = text && usable(file, text.replace(/^\uFEFF/, ''), new Diagnostics())
    return schema || `${file} of ${title} cannot be read as a schema`
  }

  private unproven(contract: Contract, at: Place, why: string, hint: string): void {
    const message = `${titleOf(contract)} cannot be compared: ${why}; ${usersOf(contract)}`
    this.out.warning('SLU0373', at, message, hint)
  }
}
