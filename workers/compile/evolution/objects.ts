// Objects: whether all properties that a writer may send are taken, and all that a reader needs are there.
import { boundsOf, isWithin, PROPERTIES } from './bounds.ts'
import { namedIn, patternsOf, propertyOf, requiredIn, type Branch, type Fact } from './branch.ts'
import type { Node } from './document.ts'
import { isEmpty } from './empty.ts'
import type { Finding } from './finding.ts'
import { listOf, mapOf } from '../raw.ts'
import { finding, isSaid, type Question, type Within } from './question.ts'

const CONTENT = ['properties', 'patternProperties'] as const

export function compareObjects(question: Question, within: Within): Finding[] {
  if (!question.branch.kinds.has('object')) return []
  return [
    ...required(question),
    ...named(question, within),
    ...patterned(question, within),
    ...others(question, within),
    ...counted(question),
    ...names(question),
    ...dependent(question),
  ]
}

/** Facts that may say more than is looked at here: then a property that may be missing cannot be proven to be. */
const SUBTLE = [
  'not',
  'if',
  'dependentRequired',
  'dependentSchemas',
  'minProperties',
  'unevaluatedProperties',
  'propertyNames',
  '$dynamicRef',
]
const isPlain = ({ facts }: Branch) =>
  facts.every(({ schema }) => SUBTLE.every((keyword) => schema[keyword] === undefined))

function required(question: Question): Finding[] {
  const { branch, by } = question
  const there = requiredIn(branch)
  return listOf(by.schema['required']).flatMap((name, index) => {
    if (there.has(String(name))) return []
    const found = finding(question, 'required', String(name), isPlain(branch), 'required')
    return [{ ...found, by: [...found.by, index] }]
  })
}

function named(question: Question, within: Within): Finding[] {
  const { branch, by, near } = question
  return Object.keys(mapOf(by.schema['properties'])).flatMap((name) => {
    const reader = by.doc.below(by, 'properties', name)
    const known = propertyOf(branch, name)
    if (reader === undefined || isEmpty(known)) return []
    const found = within(known, reader, near)
    if (known.length > 0 || found.length === 0) return found
    // Nobody wrote down what stands there, so most likely nothing does.
    const { from } = finding(question, 'unlisted', name)
    return [{ kind: 'unlisted', what: name, certain: false, from, by: reader.path }]
  })
}

function patterned(question: Question, within: Within): Finding[] {
  const { branch, by, near } = question
  if (isSaid(question, 'patternProperties')) return []
  return patternsOf(by).flatMap(({ pattern, test, node }) => [
    ...[...namesOf(branch)]
      .filter((name) => test.test(name))
      .flatMap((name) => ifAny(propertyOf(branch, name), node, near, within)),
    ...unknownNames(branch)
      .filter((unknown) => unknown.pattern === undefined || unknown.pattern === pattern)
      .filter((unknown) => unknown.pattern !== undefined || !hasPattern(branch, pattern))
      .flatMap((unknown) => unsure(ifAny(unknown.nodes, node, near, within))),
    ...unknownNames(branch)
      .filter((unknown) => unknown.pattern !== undefined && unknown.pattern !== pattern)
      .flatMap((unknown) => unsure(ifAny(unknown.nodes, node, near, within))),
  ])
}

/** `additionalProperties`: of all names that nothing else of the reader speaks about. */
function others(question: Question, within: Within): Finding[] {
  const { branch, by, near } = question
  const rest = by.doc.below(by, 'additionalProperties')
  if (rest === undefined || rest.schema === true) return []
  if (isSaid(question, 'additionalProperties', CONTENT)) return []
  const patterns = patternsOf(by)
  const own = mapOf(by.schema['properties'])
  const spoken = (name: string) =>
    Object.hasOwn(own, name) || patterns.some(({ test }) => test.test(name))
  const known = [...namesOf(branch)]
    .filter((name) => !spoken(name))
    .flatMap((name) => {
      const nodes = propertyOf(branch, name)
      if (rest.schema !== false) return ifAny(nodes, rest, near, within)
      if (isEmpty(nodes)) return []
      const from = nodes.at(0)?.path ?? near
      return [{ ...finding(question, 'closed', name, true, 'additionalProperties'), from }]
    })
  const unknown = unknownNames(branch)
    .filter(({ pattern }) => !patterns.some((each) => each.pattern === pattern))
    .flatMap(({ pattern, nodes }) => {
      if (isEmpty(nodes)) return []
      if (rest.schema === false)
        return [finding(question, 'closed', '', pattern === undefined, 'additionalProperties')]
      const found = within(nodes, rest, near)
      return pattern === undefined ? found : unsure(found)
    })
  return [...known, ...unknown]
}

interface UnknownNames {
  /** Of those that match it; undefined: of those that match none. */
  readonly pattern: string | undefined
  /** What is known of them all. */
  readonly nodes: readonly Node[]
}

/** Groups of names that a writer may use without listing them; a group without nodes may hold anything. */
function unknownNames({ facts }: Branch): UnknownNames[] {
  const rest = (fact: Fact) => fact.doc.below(fact, 'additionalProperties')
  const patterns = new Set(facts.flatMap((fact) => patternsOf(fact).map(({ pattern }) => pattern)))
  const present = (nodes: readonly (Node | undefined)[]) =>
    nodes.filter((node) => node !== undefined)
  return [
    { pattern: undefined, nodes: present(facts.map(rest)) },
    ...[...patterns].map((pattern) => ({
      pattern,
      nodes: present(
        facts.map((fact) => {
          const own = patternsOf(fact)
          return own.length === 0 ? rest(fact) : own.find((each) => each.pattern === pattern)?.node
        }),
      ),
    })),
  ]
}

const hasPattern = ({ facts }: Branch, pattern: string) =>
  facts.some((fact) => patternsOf(fact).some((each) => each.pattern === pattern))

function counted(question: Question): Finding[] {
  const { branch, by } = question
  const have = boundsOf(branch.facts, PROPERTIES, true)
  const closed = unknownNames(branch).every(({ nodes }) => isEmpty(nodes))
  const most = closed ? Math.min(have.most.at, namesOf(branch).size) : have.most.at
  const least = Math.max(have.least.at, requiredIn(branch).size)
  const actual = { least: { at: least, open: false }, most: { at: most, open: false } }
  const within = isWithin(actual, boundsOf([by], PROPERTIES, true))
  const keywords = [
    ...(within.least ? [] : [PROPERTIES.least]),
    ...(within.most ? [] : [PROPERTIES.most]),
  ]
  return keywords.map((keyword) => finding(question, 'limit', keyword, isPlain(branch), keyword))
}

function names(question: Question): Finding[] {
  const { branch, by } = question
  const reader = by.doc.below(by, 'propertyNames')
  if (reader === undefined || reader.schema === true || isSaid(question, 'propertyNames')) return []
  const listed = [...namesOf(branch)].filter((name) => !isEmpty(propertyOf(branch, name)))
  const refused = listed.filter((name) => reader.doc.fits(reader, name) !== true)
  const closed = unknownNames(branch).every(({ nodes }) => isEmpty(nodes))
  if (closed && refused.length === 0) return []
  return [finding(question, 'refused', 'propertyNames', false, 'propertyNames')]
}

function dependent(question: Question): Finding[] {
  const { branch, by } = question
  if (isSaid(question, 'dependentRequired')) return []
  const there = requiredIn(branch)
  return Object.entries(mapOf(by.schema['dependentRequired'])).flatMap(([trigger, needed]) =>
    isEmpty(propertyOf(branch, trigger))
      ? []
      : listOf(needed)
          .map(String)
          .filter((name) => name !== trigger && !there.has(name))
          .map((name) => finding(question, 'required', name, false, 'dependentRequired')),
  )
}

/** All names that are written down for a writer. */
const namesOf = (branch: Branch): ReadonlySet<string> =>
  new Set([...namedIn(branch), ...requiredIn(branch)])

const ifAny = (nodes: readonly Node[], by: Node, near: Question['near'], within: Within) =>
  isEmpty(nodes) ? [] : within(nodes, by, near)

const unsure = (findings: readonly Finding[]): Finding[] =>
  findings.map((each) => ({ ...each, certain: false }))
