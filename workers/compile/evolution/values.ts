// Single values and single keywords: tried by ajv where they are few, and never passed over where nobody understands them.
import type { Finding } from './finding.ts'
import { finding, isSaid, type Question } from './question.ts'
import { meaningful } from './same.ts'
import { numbersAround, textsAround } from './samples.ts'
import { hasExample } from './scalars.ts'

/** Keywords that are answered somewhere; a reader of any other is not understood. */
const SCALAR = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
const TEXT = ['minLength', 'maxLength', 'pattern', 'format']
const OBJECT = ['required', 'properties', 'patternProperties', 'additionalProperties']
const COUNT = ['minProperties', 'maxProperties', 'propertyNames', 'dependentRequired']
const ARRAY = ['prefixItems', 'items', 'minItems', 'maxItems', 'uniqueItems', 'contains']
const HERE = ['type', 'nullable', 'enum', 'const', '$ref', 'allOf', 'anyOf', 'oneOf', 'not']
const WITH_OTHERS = [
  'discriminator',
  'minContains',
  'maxContains',
  'then',
  'else',
  '$dynamicAnchor',
]
const UNDERSTOOD: ReadonlySet<string> = new Set(
  [SCALAR, TEXT, OBJECT, COUNT, ARRAY, HERE, WITH_OTHERS].flat(),
)

/** Few values are tried one by one. */
export function refusedOf(question: Question, values: readonly unknown[]): Finding[] {
  const { by } = question
  const keyword = by.schema['const'] === undefined ? 'enum' : 'const'
  return values.flatMap((value) => {
    const fits = by.doc.fits(by, value)
    if (fits === true) return []
    return [finding(question, 'value', JSON.stringify(value), fits === false, keyword)]
  })
}

/** Objects and arrays are; of numbers and texts some are looked for that are not listed. */
function isMany(question: Question): boolean {
  const { kinds, facts } = question.branch
  if (kinds.has('object') || kinds.has('array')) return true
  const tried = [...numbersAround(facts), ...textsAround(facts)]
  return hasExample(question, tried, (value) => question.by.doc.fits(question.by, value) !== false)
}

/** Values of a branch that are too many to list, where only listed ones fit. */
export function listed(question: Question): Finding[] {
  for (const keyword of ['enum', 'const'])
    if (question.by.schema[keyword] !== undefined)
      return [finding(question, 'value', '', isMany(question), keyword)]
  return []
}

export function notUnderstood(question: Question): Finding[] {
  const { by } = question
  return meaningful(by.schema)
    .filter((keyword) => !UNDERSTOOD.has(keyword))
    .filter((keyword) => !isSaid(question, keyword, keyword === 'if' ? ['then', 'else'] : []))
    .map((keyword) => finding(question, 'refused', keyword, false, keyword))
}
