// Collects the types that a generated file imports, and gives each a name of its own.
import { relative } from 'node:path'

export class Imports {
  private readonly folder: string
  private readonly own: readonly string[]
  private readonly names = new Map<string, { readonly as: string; readonly name: string }>()
  private readonly files = new Map<string, string[]>()

  /** The folder of the file that imports, and the names that the file declares itself. */
  constructor(folder: string, own: readonly string[] = []) {
    this.folder = folder
    this.own = own
  }

  /** The name by which the type is known here. */
  add(file: string, name: string): string {
    const key = `${file} ${name}`
    const known = this.names.get(key)
    if (known !== undefined) return known.as
    const taken = new Set([...this.own, ...[...this.names.values()].map(({ as }) => as)])
    let as = name
    for (let n = 2; taken.has(as); n++) as = `${name}${n}`
    this.names.set(key, { as, name })
    const path = relative(this.folder, file).replaceAll('\\', '/')
    const from = path.startsWith('.') ? path : `./${path}`
    this.files.set(from, [...(this.files.get(from) ?? []), as === name ? name : `${name} as ${as}`])
    return as
  }

  text(): string {
    return [...this.files]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, names]) => `import type { ${names.toSorted().join(', ')} } from '${from}'\n`)
      .join('')
  }
}
