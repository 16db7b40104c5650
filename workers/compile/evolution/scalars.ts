// Numbers and texts: bounds are compared; what is left is certain only if an example shows it.
import { createAjv } from '../ajv.ts'
import { boundsOf, isWhole, isWithin, LENGTH, NUMBER, type Measure } from './bounds.ts'
import type { Finding, FindingKind } from './finding.ts'
import { both, type Kind, type Kinds } from './kinds.ts'
import { numbersAround, textsAround } from './samples.ts'
import { finding, isSaid, type Question } from './question.ts'

/** For single keywords, which refer to nothing. */
const keywords = createAjv({ validateSchema: false })
const NUMBERS: Kinds = new Set(['integer', 'fraction'] as const)

export function compareScalars(question: Question): Finding[] {
  const { kinds } = question.branch
  return [
    ...(both(kinds, NUMBERS).size > 0 ? numbers(question) : []),
    ...(kinds.has('string') ? texts(question) : []),
  ]
}

function numbers(question: Question): Finding[] {
  return [
    ...bounded(question, NUMBER, isWhole(question.branch)),
    ...(divides(question) ? [] : shown(question, 'limit', 'multipleOf')),
  ]
}

function texts(question: Question): Finding[] {
  const { branch, by } = question
  const forms = (['pattern', 'format'] as const).filter(
    (keyword) =>
      by.schema[keyword] !== undefined &&
      branch.facts.every(({ schema }) => schema[keyword] !== by.schema[keyword]),
  )
  return [
    ...bounded(question, LENGTH, true),
    ...forms.flatMap((keyword) => shown(question, 'form', keyword)),
  ]
}

/** The keywords of one measure that are not met. */
function bounded(question: Question, measure: Measure, whole: boolean): Finding[] {
  const { branch, by } = question
  const number = measure === NUMBER
  const reader = boundsOf([by], measure, whole)
  const within = isWithin(boundsOf(branch.facts, measure, whole), reader)
  const side = (keywords: readonly string[]) => {
    const written = keywords.filter((keyword) => by.schema[keyword] !== undefined)
    const found = written.flatMap((keyword) => shown(question, 'limit', keyword))
    const certain = found.filter((each) => each.certain)
    return certain.length > 0 ? certain : found.slice(0, 1)
  }
  return [
    ...(within.least ? [] : side([measure.least, ...(number ? ['exclusiveMinimum'] : [])])),
    ...(within.most ? [] : side([measure.most, ...(number ? ['exclusiveMaximum'] : [])])),
  ]
}

function divides(question: Question): boolean {
  const { branch, by } = question
  const step = by.schema['multipleOf']
  if (typeof step !== 'number' || isSaid(question, 'multipleOf')) return true
  if (!Number.isSafeInteger(step)) return false
  if (step === 1 && isWhole(branch)) return true
  return branch.facts.some(({ schema: { multipleOf } }) => {
    return Number.isSafeInteger(multipleOf) && (multipleOf as number) % step === 0
  })
}

/** A finding; certain if one of the values tried fits the writer and not the keyword of the reader. */
function shown(question: Question, kind: FindingKind, keyword: string): Finding[] {
  const { branch, by } = question
  const { [keyword]: asked } = by.schema
  const takes = keywords.compile({ [keyword]: asked })
  const facts = [...branch.facts, by]
  const tried =
    kind === 'form' || keyword.endsWith('Length') ? textsAround(facts) : numbersAround(facts)
  const certain = hasExample(question, tried, (value) => takes(value))
  return [finding(question, kind, keyword, certain, keyword)]
}

/** Whether one of the values is of the branch, and is not taken. */
export function hasExample(
  { branch: { facts, kinds } }: Question,
  tried: readonly (number | string)[],
  takes: (value: unknown) => boolean,
): boolean {
  const kindOf = (value: number | string): Kind =>
    typeof value === 'string' ? 'string' : Number.isInteger(value) ? 'integer' : 'fraction'
  return tried.some(
    (value) =>
      kinds.has(kindOf(value)) &&
      !takes(value) &&
      facts.every((fact) => fact.doc.fits(fact, value) === true),
  )
}
