// Numbers and texts: bounds are compared; what is left is certain only if an example shows it.
import { createAjv } from '../ajv.ts'
import { boundsOf, isWhole, isWithin, LENGTH, NUMBER, type Measure } from './bounds.ts'
import type { Finding, FindingKind } from './finding.ts'
import { both, type Kinds } from './kinds.ts'
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
  const reader = boundsOf([by], measure, whole)
  const within = isWithin(boundsOf(branch.facts, measure, whole), reader)
  const keyword = (name: string, open: boolean) => {
    const exclusive = name === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum'
    return open || by.schema[name] === undefined ? exclusive : name
  }
  return [
    ...(within.least ? [] : shown(question, 'limit', keyword(measure.least, reader.least.open))),
    ...(within.most ? [] : shown(question, 'limit', keyword(measure.most, reader.most.open))),
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
  const certain = tried.some(
    (value) =>
      !takes(value) &&
      (branch.kinds.has('fraction') || typeof value === 'string' || Number.isInteger(value)) &&
      branch.facts.every((fact) => fact.doc.fits(fact, value) === true),
  )
  return [finding(question, kind, keyword, certain, keyword)]
}
