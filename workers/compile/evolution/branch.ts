// Takes schemas apart into branches: in each all facts hold together, and no choice is left.
import { isMap, listOf, mapOf, type Raw } from '../raw.ts'
import type { Node } from './document.ts'
import { ALL, both, kindsOf, without, type Kinds } from './kinds.ts'

/** A fact: a schema that all values of a branch fit. */
export type Fact = Node & { readonly schema: Raw }

export interface Branch {
  readonly facts: readonly Fact[]
  readonly kinds: Kinds
}

/** More choices than anybody could follow. */
export class TooManyBranches extends Error {}
const MOST = 256

const ANYTHING: Branch = { facts: [], kinds: ALL }

/** Values that fit all of `nodes` fit one of the branches at least; what cannot be followed narrows nothing. */
export function branchesOf(nodes: readonly Node[], from: Branch = ANYTHING): Branch[] {
  let branches = [from]
  for (const node of nodes) branches = branches.flatMap((branch) => narrowed(branch, node))
  return branches
}

function narrowed(branch: Branch, node: Node): Branch[] {
  const { doc, schema } = node
  if (schema === true || branch.facts.includes(node as Fact)) return [branch]
  if (schema === false) return []
  const kinds = both(branch.kinds, kindsOf(schema))
  if (kinds.size === 0) return []
  const target = schema['$ref'] === undefined ? undefined : doc.resolve(schema['$ref'])
  const whole = [...(target === undefined ? [] : [target]), ...partsOf(node, 'allOf')]
  let branches: Branch[] = [{ facts: [...branch.facts, node as Fact], kinds }]
  for (const part of whole) branches = few(branches.flatMap((each) => narrowed(each, part)))
  for (const keyword of ['anyOf', 'oneOf'])
    if (schema[keyword] !== undefined)
      branches = few(branches.flatMap((each) => chosen(each, node as Fact, keyword)))
  return branches
}

/** One branch an alternative; and one for the values that a discriminator does not look at: all but objects. */
function chosen(branch: Branch, node: Fact, keyword: string): Branch[] {
  const taken = partsOf(node, keyword).flatMap((part) => narrowed(branch, part))
  const kinds = without(branch.kinds, OBJECTS)
  if (!passesOthers(node, keyword) || kinds.size === 0) return taken
  return [...taken, { ...branch, kinds }]
}

export const OBJECTS: Kinds = new Set(['object'] as const)

/** With a discriminator ajv holds objects to a `oneOf`, and nothing else. */
export const passesOthers = ({ schema }: Fact, keyword: string): boolean =>
  keyword === 'oneOf' && schema['discriminator'] !== undefined

function few(branches: Branch[]): Branch[] {
  if (branches.length > MOST) throw new TooManyBranches()
  return branches
}

/** The schemas that a keyword lists. */
export const partsOf = (node: Node, keyword: string): Node[] =>
  listOf(mapOf(node.schema)[keyword])
    .map((_part, index) => node.doc.below(node, keyword, index))
    .filter((part) => part !== undefined)

/** All values, when there are few: listed, or null and booleans. Undefined: too many to list. */
export function valuesOf({ facts, kinds }: Branch): unknown[] | undefined {
  const listed = facts.map(({ schema }) => listIn(schema)).find((list) => list !== undefined)
  const few = without(kinds, FEW).size === 0 ? [null, true, false] : undefined
  const fitting = (value: unknown) =>
    facts.every((fact) => fact.doc.fits(fact, value) !== false) &&
    (kinds.has('null') || value !== null) &&
    (kinds.has('boolean') || typeof value !== 'boolean')
  return (listed ?? few)?.filter(fitting)
}

const FEW: Kinds = new Set(['null', 'boolean'] as const)

function listIn(schema: Raw): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema['const']]
  return Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : undefined
}

/** What is known of the property of a name: every schema that its value fits. */
export function propertyOf({ facts }: Branch, name: string): Node[] {
  return facts.flatMap((fact) => {
    const own = fact.doc.below(fact, 'properties', name)
    const patterned = patternsOf(fact).filter(({ test }) => test.test(name))
    const found = [own, ...patterned.map(({ node }) => node)].filter((node) => node !== undefined)
    const rest = fact.doc.below(fact, 'additionalProperties')
    return found.length > 0 || rest === undefined ? found : [rest]
  })
}

export interface Patterned {
  readonly pattern: string
  readonly test: RegExp
  readonly node: Node
}

export const patternsOf = (node: Node): Patterned[] =>
  Object.keys(mapOf(mapOf(node.schema)['patternProperties'])).flatMap((pattern) => {
    const below = node.doc.below(node, 'patternProperties', pattern)
    return below === undefined ? [] : [{ pattern, test: new RegExp(pattern, 'u'), node: below }]
  })

/** What is known of the item at an index. */
export const itemOf = ({ facts }: Branch, index: number): Node[] =>
  facts.flatMap((fact) => {
    const own = fact.doc.below(fact, 'prefixItems', index) ?? fact.doc.below(fact, 'items')
    return own === undefined ? [] : [own]
  })

export const requiredIn = ({ facts }: Branch): ReadonlySet<string> =>
  new Set(facts.flatMap(({ schema }) => listOf(schema['required']).map(String)))

export const namedIn = ({ facts }: Branch): ReadonlySet<string> =>
  new Set(
    facts.flatMap(({ schema }) =>
      isMap(schema['properties']) ? Object.keys(schema['properties']) : [],
    ),
  )
