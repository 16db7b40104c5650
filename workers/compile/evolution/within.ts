// Whether every value of one schema fits another: a proof by cases, and the reasons where it fails. No finding is a proof.
import type { Path } from '../yaml-file.ts'
import { compareArrays } from './arrays.ts'
import { branchesOf, partsOf, TooManyBranches, valuesOf, type Branch, type Fact } from './branch.ts'
import type { Node, SchemaDocument } from './document.ts'
import { isBranchEmpty } from './empty.ts'
import type { Finding } from './finding.ts'
import { APART, both, kindsOf, namesOf, without } from './kinds.ts'
import { compareObjects } from './objects.ts'
import { finding, isSaid, type Question, type Within } from './question.ts'
import { meaningful, sameSchema } from './same.ts'
import { compareScalars } from './scalars.ts'

/** Keywords that are answered somewhere; a reader of any other is not understood. */
const SCALAR = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
const TEXT = ['minLength', 'maxLength', 'pattern', 'format']
const OBJECT = ['required', 'properties', 'patternProperties', 'additionalProperties']
const COUNT = ['minProperties', 'maxProperties', 'propertyNames', 'dependentRequired']
const ARRAY = ['prefixItems', 'items', 'minItems', 'maxItems', 'uniqueItems', 'contains']
const HERE = ['type', 'nullable', 'enum', 'const', '$ref', 'allOf', 'anyOf', 'oneOf', 'not']
const WITH_OTHERS = ['minContains', 'maxContains', 'then', 'else', '$dynamicAnchor']
const UNDERSTOOD: ReadonlySet<string> = new Set(
  [SCALAR, TEXT, OBJECT, COUNT, ARRAY, HERE, WITH_OTHERS].flat(),
)

/** After that many steps it cannot be proven. */
const STEPS = 20_000
class TooLong extends Error {}

export function findingsWithin(values: SchemaDocument, reader: SchemaDocument): Finding[] {
  if (sameSchema(values.root, reader.root)) return []
  try {
    return distinct(new Comparison().within([values.root], reader.root, []))
  } catch (error) {
    if (!(error instanceof TooManyBranches) && !(error instanceof TooLong)) throw error
    const what = 'its alternatives are too many'
    return [{ kind: 'refused', what, certain: false, from: [], by: [] }]
  }
}

class Comparison {
  private steps = 0
  private readonly underway = new Set<string>()

  readonly within: Within = (nodes, by, near) => {
    if (nodes.some((node) => sameSchema(node, by))) return []
    return branchesOf(nodes)
      .filter((branch) => !isBranchEmpty(branch))
      .flatMap((branch) => this.branch(branch, by, near))
  }

  private branch(branch: Branch, by: Node, near: Path): Finding[] {
    const { schema } = by
    if (schema === true) return []
    if (schema === false) return [finding({ branch, by: by as Fact, near }, 'refused', 'any value')]
    if (branch.facts.some((fact) => sameSchema(fact, by))) return []
    if (++this.steps > STEPS) throw new TooLong()
    // Schemas that hold themselves do so a level further down: what is being asked already is answered there.
    const key = JSON.stringify([branch.facts.map(({ path }) => path), [...branch.kinds], by.path])
    if (this.underway.has(key)) return []
    this.underway.add(key)
    try {
      return this.answer({ branch, by: by as Fact, near })
    } finally {
      this.underway.delete(key)
    }
  }

  private answer(question: Question): Finding[] {
    const { branch, by } = question
    const values = valuesOf(branch)
    if (values !== undefined) return refusedOf(question, values)
    const kinds = both(branch.kinds, kindsOf(by.schema))
    const lost = without(branch.kinds, kinds)
    const type = lost.size === 0 ? [] : [finding(question, 'type', namesOf(lost), true, 'type')]
    if (kinds.size === 0) return type
    const rest: Question = { ...question, branch: { ...branch, kinds } }
    return [
      ...type,
      ...this.combined(rest),
      ...listed(rest),
      ...compareScalars(rest),
      ...compareObjects(rest, this.within),
      ...compareArrays(rest, this.within),
      ...notUnderstood(rest),
    ]
  }

  private combined(question: Question): Finding[] {
    const { branch, by, near } = question
    const { schema, doc } = by
    const found: Finding[] = []
    if (schema['$ref'] !== undefined) {
      const target = doc.resolve(schema['$ref'])
      found.push(
        ...(target === undefined
          ? [finding(question, 'refused', '$ref', false, '$ref')]
          : this.branch(branch, target, near)),
      )
    }
    for (const part of partsOf(by, 'allOf')) found.push(...this.branch(branch, part, near))
    for (const choice of ['anyOf', 'oneOf'] as const)
      if (schema[choice] !== undefined && !isSaid(question, choice))
        found.push(...this.choice(question, choice))
    const not = doc.below(by, 'not')
    if (not !== undefined && !isSaid(question, 'not') && !isNone(branch, not))
      found.push(finding(question, 'refused', 'not', false, 'not'))
    return found
  }

  private choice(question: Question, choice: 'anyOf' | 'oneOf', apart = false): Finding[] {
    const { branch, by, near } = question
    const live = partsOf(by, choice).filter((part) => !isNone(branch, part))
    const [only] = live
    if (only === undefined) {
      const found = finding(question, 'variant', labelOf(branch), true, choice)
      return [{ ...found, from: variantIn(branch).at(0)?.path ?? found.from }]
    }
    if (live.length === 1) return this.branch(branch, only, near)
    const answers = live.map((part) => this.branch(branch, part, near))
    if (choice === 'anyOf' && answers.some((answer) => answer.length === 0)) return []
    const groups = APART.map((kinds) => both(branch.kinds, kinds)).filter(({ size }) => size > 0)
    if (!apart && groups.length > 1)
      return groups.flatMap((kinds) => {
        const part: Question = { ...question, branch: { ...branch, kinds } }
        const values = valuesOf(part.branch)
        return values === undefined ? this.choice(part, choice, true) : refusedOf(part, values)
      })
    const [nearest = []] = answers.toSorted((a, b) => a.length - b.length)
    if (nearest.length === 0) return [finding(question, 'refused', choice, false, choice)]
    return nearest.map((each) => ({ ...each, certain: false }))
  }
}

/** Few values are tried one by one. */
function refusedOf(question: Question, values: readonly unknown[]): Finding[] {
  const { by } = question
  const keyword = by.schema['const'] === undefined ? 'enum' : 'const'
  return values.flatMap((value) => {
    const fits = by.doc.fits(by, value)
    if (fits === true) return []
    return [finding(question, 'value', JSON.stringify(value), fits === false, keyword)]
  })
}

/** Values of a branch that are too many to list, where only listed ones fit. */
function listed(question: Question): Finding[] {
  for (const keyword of ['enum', 'const'])
    if (question.by.schema[keyword] !== undefined)
      return [finding(question, 'value', '', true, keyword)]
  return []
}

function notUnderstood(question: Question): Finding[] {
  const { by } = question
  return meaningful(by.schema)
    .filter((keyword) => !UNDERSTOOD.has(keyword))
    .filter((keyword) => !isSaid(question, keyword, keyword === 'if' ? ['then', 'else'] : []))
    .map((keyword) => finding(question, 'refused', keyword, false, keyword))
}

const isNone = (branch: Branch, node: Node) =>
  branchesOf([node], branch).every((each) => isBranchEmpty(each))

/** The alternative that a branch has taken, and what it leads to. */
function variantIn({ facts }: Branch): readonly Fact[] {
  const isAlternative = ({ path }: Fact) => ['anyOf', 'oneOf'].includes(String(path.at(-2)))
  const from = facts.findLastIndex(isAlternative)
  return from === -1 ? [] : facts.slice(from)
}

/** What people call a variant: its title, or what refers to it. */
function labelOf(branch: Branch): string {
  const said = (keyword: string) =>
    variantIn(branch)
      .map(({ schema }) => schema[keyword])
      .findLast((value) => typeof value === 'string')
  return said('title') ?? said('$ref') ?? ''
}

function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>()
  for (const each of findings) {
    const key = JSON.stringify([each.kind, each.what, each.by, each.from])
    if (seen.get(key)?.certain !== true) seen.set(key, each)
  }
  return [...seen.values()]
}
