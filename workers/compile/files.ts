// Reads the YAML files of a project: plain files only, within limits, whatever the folder holds.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostics, Place } from './diagnostics.ts'
import type { YamlFile } from './yaml-file.ts'
import { MAX_BYTES, readYaml } from './yaml-read.ts'

const MAX_TOTAL_BYTES = 1024 * 1024
export const FLEET = 'pipelines/fleet.yaml'

export interface ProjectFiles {
  readonly fleet: YamlFile | undefined
  readonly pipelines: readonly YamlFile[]
  /** What the unreadable files would probably have been called: they must not make others look wrong. */
  readonly unread: readonly string[]
}

export function readProject(root: string, out: Diagnostics): ProjectFiles {
  const files: YamlFile[] = []
  const unread: string[] = []
  let total = 0
  for (const name of yamlNames(root)) {
    const file = `pipelines/${name}`
    const bytes = readPlain(root, file, out)
    total += bytes?.length ?? 0
    if (total > MAX_TOTAL_BYTES) {
      const message = 'the files have more than 1 MiB together'
      out.error('SLU0101', startOf(file), message, 'make two fleets of it')
      break
    }
    const read = bytes === undefined ? undefined : readYaml(file, bytes, out)
    if (read === undefined) unread.push(name.replace(/\.ya?ml$/, ''))
    else files.push(read)
  }
  const fleet = files.find(({ file }) => file === FLEET)
  if (fleet === undefined && !unread.includes('fleet'))
    out.error('SLU0107', startOf(FLEET), `there is no ${FLEET}`, 'create it, or use --project DIR')
  return { fleet, pipelines: files.filter((file) => file !== fleet), unread }
}

function yamlNames(root: string): string[] {
  try {
    return readdirSync(join(root, 'pipelines'))
      .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
      .toSorted()
  } catch {
    return []
  }
}

/** One YAML file below `root`; undefined when nothing can be made of it, which is said. */
export function readYamlFile(root: string, file: string, out: Diagnostics): YamlFile | undefined {
  const bytes = readPlain(root, file, out)
  return bytes === undefined ? undefined : readYaml(file, bytes, out)
}

/** Asks for kind and size first: a pipe would never end, and a huge file is not worth its memory. */
function readPlain(root: string, file: string, out: Diagnostics): Uint8Array | undefined {
  try {
    const path = join(root, file)
    const { size } = plainFile(path)
    if (size <= MAX_BYTES) return readFileSync(path)
    const message = `the file has ${size} bytes`
    out.error('SLU0101', startOf(file), message, `keep it below ${MAX_BYTES} bytes`)
  } catch (error) {
    const message = `the file cannot be read: ${(error as Error).message}`
    out.error('SLU0107', startOf(file), message, 'make it a plain file that can be read')
  }
  return undefined
}

/** Size of a plain file; throws for anything else. */
export function plainFile(path: string): { readonly size: number } {
  const stat = statSync(path)
  if (!stat.isFile()) throw new Error('it is no plain file')
  return stat
}

export const startOf = (file: string): Place => ({ file, line: 1, column: 1, length: 1 })
