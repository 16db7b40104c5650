// Says that a property is not there: that it has another name, or is there only on some kinds of an event.
import { listed, nearest } from '../../suggest.ts'
import { subjectOf, type Here } from '../here.ts'
import { fieldsAt, tagsOf } from '../schema-fields.ts'
import { allSteps } from '../../../core/plan-walk.ts'
import type { Said } from '../tsc.ts'
import { described, isName, shortened } from '../type-text.ts'
import type { Words } from './finding.ts'

const SAYS = /^Property '(.+?)' does not exist on type '(.*?)'\.(?: Did you mean '(.+)'\?)?/

/** What a window step gives, by the names of its types. */
const OF_WINDOWS: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/^\$Measured</, 'which is a measure of a window', ['count', 'sum', 'min', 'max', 'avg']],
  [/^\$Row</, 'which is a window', ['id', 'start', 'end', 'group', 'count', 'and its measures']],
]

/** Where the field could be added. */
function source(owner: string, { pipeline }: Here): string {
  const [first] = /^\w+/.exec(owner) ?? []
  const step = allSteps(pipeline.plan).find(({ id }) => id === first)
  return step?.kind === 'call'
    ? `let workers/handlers/${step.call.handler}.ts return it`
    : 'give its schema this field'
}

export function unknownProperty({ text }: Said, here: Here): Words {
  const [, name = '', type = '', meant] = SAYS.exec(text[0] ?? '') ?? []
  const owner = here.anatomy.ownerOf(here.offset) ?? ''
  const subject = subjectOf(owner, here)
  const code = 'SLU0330'
  const of = subject?.name ?? (owner === '' ? shortened(type) : `"${shortened(owner, 60)}"`)
  if (type === 'never') {
    const hint = `the conditions before it leave nothing that ${of} could be`
    return { code, message: `"${name}" does not exist on ${of}`, hint }
  }
  const made = OF_WINDOWS.find(([pattern]) => pattern.test(type))
  if (made !== undefined) {
    const [, what, fields] = made
    const near = meant ?? nearest(name, fields)
    return {
      code,
      message: `"${name}" does not exist on ${of}, ${what}`,
      hint: near === undefined ? `it has: ${listed(fields)}` : `did you mean "${near}"?`,
    }
  }
  const isPlain = /^(string|number|boolean)$/.test(type)
  const kind = isName(type)
    ? ` (${type})`
    : isPlain || (subject === undefined && owner !== '')
      ? `, which is ${described(type)}`
      : ''
  const message = `"${name}" does not exist on ${of}${kind}`
  if (type.endsWith('[]')) {
    const hint = `it is a list, and its items may have it: ${owner}[0]?.${name}, or ${owner}.map(one => one.${name})`
    if (meant === undefined) return { code, message: `"${name}" does not exist on ${of}`, hint }
  }
  const fields = subject === undefined ? [] : fieldsAt(subject.schema, subject.path)
  if (subject !== undefined && fields.includes(name)) {
    const tags = tagsOf(subject.schema, subject.path, name)
    const test =
      tags === undefined
        ? 'test which kind it is'
        : `test ${owner}.${tags.tag} === '${String(tags.values[0])}'`
    const hint = `it is there only on some kinds of it: ${test} first, in a \`when\` or with … ? … : …`
    return { code, message, hint }
  }
  const near = meant ?? nearest(name, fields)
  if (near !== undefined) return { code, message, hint: `did you mean "${near}"?` }
  const hint =
    fields.length > 0
      ? `it has: ${listed(fields)}`
      : isPlain
        ? `${described(type)} has no such field or method`
        : `mend the name, or ${source(owner, here)}`
  return { code, message, hint }
}
