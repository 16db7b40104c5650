// Finds what a schema says about a path of fields, through references and alternatives.
import { isSchema, target, type Schema } from './schema-names.ts'

/** All that is said about a value: of each alternative, and of each part that holds together with it. */
export function facets(root: Schema, schema: unknown): Schema[] {
  const found: Schema[] = []
  const waiting: unknown[] = [schema]
  const seen = new Set<unknown>()
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const facet = target(root, next)
    if (!isSchema(facet) || seen.has(facet)) continue
    seen.add(facet)
    found.push(facet)
    for (const key of ['oneOf', 'anyOf', 'allOf'])
      if (Array.isArray(facet[key])) waiting.push(...(facet[key] as unknown[]))
  }
  return found
}

/** What is said about the value at a path; a list and its items are one. */
export function facetsAt(root: Schema, path: readonly string[]): Schema[] {
  let here = facets(root, root)
  for (const name of path) {
    const next = here.flatMap(items(root)).flatMap((facet) => {
      const properties = facet['properties']
      if (!isSchema(properties) || !Object.hasOwn(properties, name)) return []
      return facets(root, properties[name])
    })
    here = next
  }
  return here
}

const items = (root: Schema) => (facet: Schema) => [facet, ...facets(root, facet['items'])]

/** The names of the fields at a path, of all alternatives. */
export function fieldsAt(root: Schema, path: readonly string[]): string[] {
  const names = facetsAt(root, path)
    .flatMap(items(root))
    .flatMap(({ properties }) => (isSchema(properties) ? Object.keys(properties) : []))
  return [...new Set(names)]
}

/** How to tell the alternatives that have a field from the others: `event_type` and the values it has there. */
export function tagsOf(
  root: Schema,
  path: readonly string[],
  field: string,
): { readonly tag: string; readonly values: readonly unknown[] } | undefined {
  const having = facetsAt(root, path).filter(
    ({ properties }) => isSchema(properties) && Object.hasOwn(properties, field),
  )
  const consts = having.map(({ properties }) =>
    Object.entries(properties as Schema).flatMap(([name, value]) =>
      isSchema(value) && 'const' in value ? [{ name, value: value['const'] }] : [],
    ),
  )
  const tag = consts[0]?.[0]?.name
  if (tag === undefined || consts.some((one) => one[0]?.name !== tag)) return undefined
  return { tag, values: consts.map((one) => one[0]?.value) }
}
