// Says what TypeScript found in the words of those who write pipelines: what, of what, and what to do about it.
import type { Code } from '../../core/codes.ts'
import { listed, nearest } from '../suggest.ts'
import { conditional, destination, fieldsOfBody, subjectOf, type Here } from './here.ts'
import { fieldsAt, tagsOf } from './schema-fields.ts'
import type { Said } from './tsc.ts'
import { bare, described, isLiteral, isName, membersOf, shortened } from './type-text.ts'

export interface Finding {
  readonly code: Code
  readonly message: string
  readonly hint: string
  /** Character behind the last one that is meant. */
  readonly to: number
}

type Words = Omit<Finding, 'to'> & { readonly to?: number }

/** Undefined for what only follows from something else that is said. */
export function explain(said: Said, here: Here): Finding | undefined {
  const words = (BY_CODE[said.code] ?? other)(said, here)
  return words === undefined ? undefined : { to: wordEnd(here), ...words }
}

function unknownProperty({ text }: Said, here: Here): Words {
  const [, name = '', type = '', meant] =
    /^Property '(.+?)' does not exist on type '(.*?)'\.(?: Did you mean '(.+)'\?)?/.exec(
      text[0] ?? '',
    ) ?? []
  const owner = here.anatomy.ownerOf(here.offset) ?? ''
  const subject = subjectOf(owner, here)
  const code = 'SLU0330'
  const of = subject?.name ?? (owner === '' ? shortened(type) : `"${shortened(owner, 60)}"`)
  const kind = isName(type)
    ? ` (${type})`
    : subject === undefined && owner !== ''
      ? `, which is ${described(type)}`
      : ''
  const message = `"${name}" does not exist on ${of}${type === 'never' ? '' : kind}`
  if (type === 'never')
    return { code, message, hint: `the conditions before it leave nothing that ${of} could be` }
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
  return {
    code,
    message,
    hint:
      fields.length > 0
        ? `it has: ${listed(fields)}`
        : 'mend the name, or give its schema this field',
  }
}

function maybeMissing({ text, code: number }: Said, here: Here): Words {
  const said = text[0] ?? ''
  const node = here.anatomy.at(
    here.offset,
    ({ type }) => type === 'Identifier' || type === 'MemberExpression',
  )
  const what =
    /^'(.+)' is possibly/.exec(said)?.[1] ?? (node === undefined ? 'it' : here.anatomy.source(node))
  const isNull = number === 18047 || number === 2531
  const message = `"${shortened(what, 60)}" is possibly ${isNull ? 'null' : number === 18049 || number === 2533 ? 'null or undefined' : 'undefined'}`
  return { code: 'SLU0334', message, hint: missingHint(what, here), to: here.offset + what.length }
}

function missingHint(what: string, here: Here): string {
  const step = conditional(what, here)
  const guard = `write ${what}?.… ?? a value for when it is missing, or test ${what} first`
  return step === undefined
    ? guard
    : `step "${step}" has a \`when\`, so its value may be missing: write ${step}?.… ?? 0, or test ${step} !== undefined first`
}

function unknownType({ text }: Said, here: Here): Words {
  const what = /^'(.+)' is of type/.exec(text[0] ?? '')?.[1] ?? 'it'
  const step = here.pipeline.plan.steps.find(({ id }) => id === what)
  const hint =
    step?.kind === 'call'
      ? `handler ${step.call.handler} does not say what it returns: give it a return type`
      : 'its schema says nothing about it: describe it there'
  return { code: 'SLU0331', message: `nothing is known about "${shortened(what, 60)}"`, hint }
}

function noOverlap({ text }: Said, here: Here): Words {
  const [, a = '', b = ''] = /types '(.*)' and '(.*)' have no overlap/.exec(text[0] ?? '') ?? []
  const node = here.anatomy.at(here.offset, ({ type }) => type === 'BinaryExpression')
  const to = node?.end ?? here.offset + 1
  const [left, right] =
    node?.type === 'BinaryExpression'
      ? [here.anatomy.source(node.left), here.anatomy.source(node.right)]
      : ['the left side', 'the right side']
  const [written, all, of] = isLiteral(a) && !isLiteral(b) ? [a, b, right] : [b, a, left]
  const members = membersOf(all)
  const code = 'SLU0336'
  if (
    !isLiteral(written) ||
    !members.every((one) => isLiteral(one) || one === 'null' || one === 'undefined')
  ) {
    const message = `this compares ${described(a)} with ${described(b)}, which never are the same`
    return { code, message, hint: 'compare values of one type', to }
  }
  const values = members.map(bare)
  const near = nearest(bare(written), values)
  const message = `${of} is never ${written}`
  return {
    code,
    message,
    hint: near === undefined ? `it is ${described(all)}` : `did you mean "${near}"?`,
    to,
  }
}

function wrongOperands({ text, code: number }: Said, here: Here): Words {
  const [, operator = '', a = '', b = ''] =
    /^Operator '(.+)' cannot be applied to types '(.*)' and '(.*)'/.exec(text[0] ?? '') ?? []
  const node = here.anatomy.at(here.offset, ({ type }) => type === 'BinaryExpression')
  const to = node?.end ?? wordEnd(here)
  const code = 'SLU0331'
  if (number !== 2365)
    return {
      code,
      message: 'arithmetic needs numbers on both sides',
      hint: 'write Number(…) around a text, or a template string to join texts',
    }
  const message = `${described(a)} ${operator} ${described(b)}: these cannot be put together`
  return { code, message, hint: 'both sides have to be numbers, or both texts', to }
}

function extraField({ text }: Said, here: Here): Words {
  const { piece, anatomy, offset } = here
  const [, name = '', meant] =
    /'(.+?)' does not exist in type .*?(?: Did you mean to write '(.+)'\?)?$/.exec(text[0] ?? '') ??
    []
  const path = (anatomy.fieldAt(offset) ?? []).slice(0, -1)
  const to = destination(piece) ?? 'this'
  const at = path.length === 0 ? '' : ` at "${path.join('.')}"`
  const fields = fieldsOfBody(piece, path, here.sources)
  const near = meant ?? nearest(name, fields)
  const list = fields.length > 0 ? `it has: ${listed(fields)}` : 'remove it, or mend its name'
  return {
    code: piece.slot.kind === 'input' ? 'SLU0337' : 'SLU0333',
    message: `${to} has no field "${name}"${at}`,
    hint: near === undefined ? list : `did you mean "${near}"?`,
  }
}

const ONE_MISSING = /Property '(.+?)' is missing in type '.*' but required in type '(.*)'\./
const SEVERAL_MISSING = /is missing the following properties from type '.*': (.+)$/

function missingFields(line: string, here: Here): Words {
  const { piece, anatomy, offset } = here
  const one = ONE_MISSING.exec(line)?.[1]
  const names = one === undefined ? (SEVERAL_MISSING.exec(line)?.[1] ?? '').split(', ') : [one]
  const list = names.map((name) => (name.startsWith('and ') ? name : `"${name}"`)).join(', ')
  const path = anatomy.fieldAt(offset) ?? []
  const at = path.length === 0 ? '' : ` at "${path.join('.')}"`
  const { slot } = piece
  const needs =
    slot.kind === 'body'
      ? `schemas/${slot.schema}.json needs ${names.length === 1 ? 'it' : 'them'}`
      : 'it needs them'
  return {
    code: slot.kind === 'input' ? 'SLU0337' : 'SLU0332',
    message: `${destination(piece) ?? 'this'} lacks ${list}${at}`,
    hint:
      slot.kind === 'input'
        ? `workers/handlers/${slot.handler}.ts asks for it`
        : `${needs}: add ${list}`,
  }
}

const MISMATCH =
  /'(.*)' is not assignable to (?:parameter of )?type '(.*?)'(?: with|\.|$)(?:.*Did you mean '(.+)'\?)?/

function mismatch(said: Said, here: Here): Words | undefined {
  const { piece, anatomy, offset } = here
  const reasons = said.text.slice(1)
  const missing = said.text.find((line) => ONE_MISSING.test(line) || SEVERAL_MISSING.test(line))
  const { slot } = piece
  const path = anatomy.fieldAt(offset)
  if (missing !== undefined && path !== undefined && slot.kind !== 'result')
    return missingFields(missing, here)
  const [, from = '', to = '', meant] = MISMATCH.exec(said.text[0] ?? '') ?? []
  const node = anatomy.at(offset)
  const end = node?.end ?? offset + 1
  if (slot.kind === 'when' && path?.length === 0) return { ...notBoolean(from), to: end }
  if (slot.kind === 'eventKey' && path?.length === 0) {
    const message = `a key is a string, a number, a boolean or null, not ${described(from)}`
    return { code: 'SLU0331', message, hint: 'choose a field that is one of these', to: end }
  }
  if (slot.kind === 'routingKey' && path?.length === 0) {
    const message = `a routing key is a string, not ${described(from)}`
    return { code: 'SLU0331', message, hint: conversion(from, 'string'), to: end }
  }
  if (slot.kind === 'cacheKey' && path?.length === 0)
    return {
      code: 'SLU0334',
      message: 'the key of the cache is possibly undefined',
      hint: missingHint(node === undefined ? 'it' : anatomy.source(node), here),
      to: end,
    }
  const what =
    path === undefined
      ? `"${shortened(node === undefined ? '' : anatomy.source(node), 60)}"`
      : path.length === 0
        ? (destination(piece) ?? 'this')
        : `"${path.join('.')}" of ${destination(piece) ?? 'this'}`
  const code = slot.kind === 'input' && path !== undefined ? 'SLU0337' : 'SLU0331'
  const value = path === undefined || path.length === 0 ? end : undefined
  const extent = value === undefined ? {} : { to: value }
  const undefinedOnly = reasons.some((line) =>
    /^Type '(undefined|null)' is not assignable/.test(line),
  )
  if (undefinedOnly) {
    const missingWord = reasons.some((line) => line.startsWith("Type 'null'"))
      ? 'null'
      : 'undefined'
    const source = shown(here)
    return {
      code: slot.kind === 'input' && path !== undefined ? 'SLU0337' : 'SLU0334',
      message: `${what} is possibly ${missingWord}, and must be ${described(to)}`,
      hint: missingHint(source, here),
      ...extent,
    }
  }
  const near = meant ?? (isLiteral(from) ? nearest(bare(from), membersOf(to).map(bare)) : undefined)
  const reason = reasons.at(-1)
  return {
    code,
    message: `${what} is ${described(from)}, and must be ${described(to)}`,
    hint:
      near !== undefined
        ? `did you mean ${near.startsWith('"') ? near : `"${bare(near)}"`}?`
        : reason === undefined
          ? conversion(from, to)
          : shortened(reason, 160),
    ...extent,
  }
}

/** The text of the value at fault: of a field, what is written behind its colon. */
function shown({ anatomy, offset }: Here): string {
  const property = anatomy.at(offset, ({ type }) => type === 'Property')
  if (property?.type === 'Property') return anatomy.source(property.value)
  const node = anatomy.at(offset)
  return node === undefined ? 'it' : anatomy.source(node)
}

function conversion(from: string, to: string): string {
  if (to === 'string' && /number|boolean|^-?\d/.test(from))
    return 'write String(…) around it, or a template string'
  if (to === 'number' && /string|"/.test(from))
    return 'write Number(…) around it, or a number without quotes'
  if (to.startsWith('"')) return `write ${described(to)}`
  return 'write a value of this type'
}

function notBoolean(type: string): Words {
  const members = membersOf(type)
  const optional = members.includes('undefined') || members.includes('null')
  const rest = members.filter((one) => !['undefined', 'null'].includes(one))
  const hint = rest.every((one) => ['boolean', 'true', 'false'].includes(one))
    ? 'say what holds when it is missing: … === true'
    : optional
      ? 'say what you mean: … !== undefined, or compare a field of it'
      : rest.every((one) => one === 'string' || one.startsWith('"'))
        ? "compare it: … !== ''"
        : rest.every((one) => one === 'number' || /^-?\d/.test(one))
          ? 'compare it: … > 0'
          : 'compare it with something: it is always true as it stands'
  return {
    code: 'SLU0335',
    message: `a condition is true or false; this is ${described(type)}`,
    hint,
  }
}

function noOverload({ text }: Said, here: Here): Words {
  const last = text.findLast((line) => MISMATCH.test(line)) ?? text.at(-1) ?? ''
  const [, from, to] = MISMATCH.exec(last) ?? []
  const message =
    from === undefined || to === undefined
      ? shortened(last)
      : `this takes ${described(to)}, not ${described(from)}`
  return { code: 'SLU0331', message, hint: 'mend what is given to it', to: wordEnd(here) }
}

function other({ text }: Said): Words {
  const hint =
    text.length > 1
      ? shortened(text.at(-1) ?? '', 160)
      : 'the types of this expression do not fit together'
  return { code: 'SLU0341', message: shortened(text[0] ?? '', 200), hint }
}

const lacking = (said: Said, here: Here): Words => missingFields(said.text[0] ?? '', here)

const BY_CODE: Readonly<Record<number, (said: Said, here: Here) => Words | undefined>> = {
  2339: unknownProperty,
  2551: unknownProperty,
  18047: maybeMissing,
  18048: maybeMissing,
  18049: maybeMissing,
  2531: maybeMissing,
  2532: maybeMissing,
  2533: maybeMissing,
  18046: unknownType,
  2571: unknownType,
  2367: noOverlap,
  2362: wrongOperands,
  2363: wrongOperands,
  2365: wrongOperands,
  2353: extraField,
  2561: extraField,
  2739: lacking,
  2740: lacking,
  2741: lacking,
  2322: mismatch,
  2345: mismatch,
  2820: mismatch,
  2769: noOverload,
}

/** Of the word or the text that begins there. */
function wordEnd({ anatomy, offset }: Here): number {
  const [word] = /^(?:[\w$]+|'[^']*'|"[^"]*")/.exec(anatomy.text.slice(offset)) ?? ['x']
  return offset + word.length
}
