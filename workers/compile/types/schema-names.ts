// Gives the parts of a JSON Schema that are referred to their names, and finds what a reference means.

export type Schema = Readonly<Record<string, unknown>>

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `#/$defs/x` within a document; undefined for what is not there and for what leads elsewhere. */
export function resolve(root: Schema, reference: unknown): unknown {
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) return undefined
  let at: unknown = root
  for (const part of reference.slice(2).split('/')) {
    if (reference === '#') break
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string, unknown>)[key]
  }
  return at
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The schema behind references that are nothing but references; undefined where they run in a circle. */
export function target(root: Schema, schema: unknown): unknown {
  const seen = new Set<unknown>()
  let at = schema
  while (isSchema(at) && typeof at['$ref'] === 'string' && !seen.has(at)) {
    seen.add(at)
    at = resolve(root, at['$ref'])
  }
  return seen.has(at) ? undefined : at
}

/** Names of types: the titles, or what the last part of the path says; each once. */
export class TypeNames {
  private readonly names = new Map<unknown, string>()
  private readonly taken = new Set<string>()

  /** True when the schema has no name yet. */
  claim(schema: unknown, fallback: string): boolean {
    if (this.names.has(schema)) return false
    const title = isSchema(schema) ? schema['title'] : undefined
    const wanted = pascal(typeof title === 'string' ? title : '') || pascal(fallback) || 'Type'
    let name = wanted
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}${n}`
    this.taken.add(name)
    this.names.set(schema, name)
    return true
  }

  of(schema: unknown): string | undefined {
    return this.names.get(schema)
  }
}

const pascal = (name: string): string => {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
  return /^[0-9]/.test(joined) ? `Type${joined}` : joined
}
