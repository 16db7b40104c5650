// Which dialect a JSON Schema that does not say so is registered as: the oldest in which it means the same, since registries know that best.

const NEW = 'https://json-schema.org/draft/2020-12/schema'
const OLD = 'http://json-schema.org/draft-07/schema#'

/** Keywords that draft 7 does not have. */
const ONLY_NEW: ReadonlySet<string> = new Set([
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$vocabulary',
  'dependentRequired',
  'dependentSchemas',
  'maxContains',
  'minContains',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
])

/** A property that is called like a keyword counts as one: then it is registered as what we take it for. */
export const dialectOf = (schema: object): string => (isOld(schema) ? OLD : NEW)

function isOld(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return true
  const entries = Object.entries(part)
  // Draft 7 looks at nothing beside a reference.
  if (Object.hasOwn(part, '$ref') && entries.length > 1) return false
  return entries.every(([name, inner]) => !ONLY_NEW.has(name) && isOld(inner))
}
