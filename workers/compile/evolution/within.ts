// Whether every value of one schema fits another: a proof by cases, and the reasons where it fails. No finding is a proof.
import type { Path } from '../yaml-file.ts'
import { compareArrays } from './arrays.ts'
import {
  branchesOf,
  partsOf,
  OBJECTS,
  passesOthers,
  TooManyBranches,
  valuesOf,
  type Branch,
  type Fact,
} from './branch.ts'
import type { Node, SchemaDocument } from './document.ts'
import { isBranchEmpty } from './empty.ts'
import type { Finding } from './finding.ts'
import { APART, both, kindsOf, namesOf, without } from './kinds.ts'
import { compareObjects } from './objects.ts'
import { finding, isSaid, type Question, type Within } from './question.ts'
import { sameSchema } from './same.ts'
import { compareScalars } from './scalars.ts'
import { listed, notUnderstood, refusedOf } from './values.ts'
import { labelOf, variantIn } from './variant.ts'

/** After that many steps it cannot be proven. */
const STEPS = 20_000
class TooLong extends Error {}

export function findingsWithin(values: SchemaDocument, reader: SchemaDocument): Finding[] {
  if (sameSchema(values.root, reader.root)) return []
  try {
    return distinct(new Comparison().within([values.root], reader.root, []))
  } catch (error) {
    if (!(error instanceof TooManyBranches) && !(error instanceof TooLong)) throw error
    return [{ kind: 'refused', what: 'oneOf', certain: false, from: [], by: [] }]
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
    if (schema === false) return [finding({ branch, by: by as Fact, near }, 'refused', '')]
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
      if (schema[choice] !== undefined && !isSaid(question, choice, ['discriminator']))
        found.push(...this.choice(question, choice))
    const not = doc.below(by, 'not')
    if (not !== undefined && !isSaid(question, 'not') && !isNone(branch, not))
      found.push(finding(question, 'refused', 'not', false, 'not'))
    return found
  }

  private choice(question: Question, choice: 'anyOf' | 'oneOf', apart = false): Finding[] {
    const { by, near } = question
    const kinds = both(question.branch.kinds, OBJECTS)
    const objects = { ...question.branch, kinds }
    const branch = passesOthers(by, choice) ? objects : question.branch
    if (branch.kinds.size === 0) return []
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

const isNone = (branch: Branch, node: Node) =>
  branchesOf([node], branch).every((each) => isBranchEmpty(each))

function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>()
  for (const each of findings) {
    const key = JSON.stringify([each.kind, each.what, each.by, each.from])
    if (seen.get(key)?.certain !== true) seen.set(key, each)
  }
  return [...seen.values()]
}
