// Says that a value is not of the type that its place needs.
import { nearest } from '../../suggest.ts'
import { destination, type Here } from '../here.ts'
import type { Said } from '../tsc.ts'
import { bare, described, differingField, isLiteral, membersOf, shortened } from '../type-text.ts'
import { lackingLine, missingFields, refusedFields } from './fields.ts'
import { extent, type Words } from './finding.ts'
import { missingHint } from './missing.ts'
import { notBoolean } from './operands.ts'

const SAYS =
  /'(.*)' is not assignable to (?:parameter of )?type '(.*?)'(?: with|\.|$)(?:.*Did you mean '(.+)'\?)?/

export function mismatch(said: Said, here: Here): Words | undefined {
  const { piece, anatomy, offset } = here
  const path = anatomy.fieldAt(offset)
  const refused = said.text.map((line) => /\{ \$refused: (.+?);? \}/.exec(line)?.[1]).find(Boolean)
  if (refused !== undefined) return refusedFields(refused, here)
  if (lackingLine(said) !== undefined && path !== undefined) return missingFields(said, here)
  const [, from = '', to = '', meant] = SAYS.exec(said.text[0] ?? '') ?? []
  const whole = extent(anatomy.at(offset))
  if (path?.length === 0) {
    const words = ofSlot(from, here)
    if (words !== undefined) return { ...words, ...whole }
  }
  const place = placeOf(from, to, path, here)
  const code = piece.slot.kind === 'input' && path !== undefined ? 'SLU0337' : 'SLU0331'
  const missing = missingOf(said)
  if (missing !== undefined) {
    const what = anatomy.valueAt(offset)
    return {
      code: code === 'SLU0337' ? code : 'SLU0334',
      message: `${place.what} is possibly ${missing}, and must be ${described(to)}`,
      hint: missingHint(what, here, `write ${shortened(what, 40)} ?? … for when it is missing`),
      ...place.extent,
    }
  }
  const deepest = SAYS.exec(said.text.at(-1) ?? '')?.[1] ?? ''
  const near = meant ?? suggestion(from, place.to) ?? suggestion(deepest, place.to)
  return {
    code,
    message: `${place.what} is ${described(place.from)}, and must be ${described(place.to)}`,
    hint: near === undefined ? conversion(place.from, place.to) : `did you mean "${bare(near)}"?`,
    ...place.extent,
  }
}

/** What is wrong with the whole of an expression that is no body. */
function ofSlot(from: string, here: Here): Words | undefined {
  const { piece, anatomy, offset } = here
  const code = 'SLU0331'
  switch (piece.slot.kind) {
    case 'when':
      return notBoolean(from)
    case 'eventKey': {
      const message = `a key is a string, a number, a boolean or null, not ${described(from)}`
      return { code, message, hint: 'choose a field that is one of these' }
    }
    case 'routingKey': {
      const message = `a routing key is a string, not ${described(from)}`
      return { code, message, hint: conversion(from, 'string') }
    }
    case 'jobId': {
      const message = `the id of a job is a string or a number, not ${described(from)}`
      return { code, message, hint: conversion(from, 'string') }
    }
    case 'itemId': {
      const message = `the id of an item is a text or a number, not ${described(from)}`
      return {
        code,
        message,
        hint: 'choose a field that is one of these, and differs in each item',
      }
    }
    case 'dedupeKey': {
      const what = anatomy.valueAt(offset)
      const hint = missingHint(what, here, `write ${what} ?? … for when it is missing`)
      return { code: 'SLU0334', message: 'what is compared is possibly undefined', hint }
    }
    case 'windowGroup': {
      const what = anatomy.valueAt(offset)
      const hint = missingHint(what, here, `write ${what} ?? … for when it is missing`)
      return { code: 'SLU0334', message: 'what is counted together is possibly undefined', hint }
    }
    case 'windowTime': {
      const message = `a time is a text or a number of milliseconds, not ${described(from)}`
      return { code, message, hint: 'choose a field that is one of these, or leave `at` out' }
    }
    case 'measure': {
      const message = `what is measured is a number, not ${described(from)}`
      return { code, message, hint: conversion(from, 'number') }
    }
    case 'storeKey': {
      const message = `the key of a stored value is a string or a number, not ${described(from)}`
      return { code, message, hint: conversion(from, 'string') }
    }
    case 'storeVersion': {
      const message = `the version of a stored value is a number, not ${described(from)}`
      return { code, message, hint: conversion(from, 'number') }
    }
    case 'cacheTags': {
      const message = `tags are a list of texts or numbers, not ${described(from)}`
      return { code, message, hint: 'write brackets around it, and choose fields that are there' }
    }
    case 'cacheTag': {
      const message = `a tag is a text or a number, not ${described(from)}`
      return { code, message, hint: conversion(from, 'string') }
    }
    case 'cacheKey': {
      const what = anatomy.valueAt(offset)
      const hint = missingHint(what, here, `write ${what} ?? … for when it is missing`)
      return { code: 'SLU0334', message: 'the key of the cache is possibly undefined', hint }
    }
    default:
      return undefined
  }
}

interface Spot {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly extent: ReturnType<typeof extent>
}

/** The value in question: a part of a computation, a field, or a field of what a callback makes. */
function placeOf(
  from: string,
  to: string,
  path: readonly string[] | undefined,
  { piece, anatomy, offset }: Here,
): Spot {
  const whole = extent(anatomy.at(offset))
  const node = anatomy.at(offset)
  if (path === undefined) {
    const text = node === undefined ? '' : anatomy.source(node)
    return { what: `"${shortened(text, 60)}"`, from, to, extent: whole }
  }
  const of = destination(piece) ?? 'this'
  if (path.length === 0) return { what: of, from, to, extent: whole }
  const differing = differingField(from, to)
  const made = differing === undefined ? undefined : anatomy.madeField(offset, differing.name)
  if (differing === undefined || made === undefined)
    return { what: `"${path.join('.')}" of ${of}`, from, to, extent: {} }
  const what = `"${path.join('.')}[].${differing.name}" of ${of}`
  return { what, from: differing.from, to: differing.to, extent: extent(made.key) }
}

/** The value would fit if it were there. */
function missingOf({ text }: Said): string | undefined {
  const line = text.slice(1).find((reason) => MISSING.test(reason))
  return line === undefined ? undefined : MISSING.exec(line)?.[1]
}
const MISSING = /^Type '(undefined|null)' is not assignable/

const suggestion = (from: string, to: string): string | undefined =>
  isLiteral(from) ? nearest(bare(from), membersOf(to).map(bare)) : undefined

function conversion(from: string, to: string): string {
  if (to === 'string' && membersOf(from).some((one) => one === 'undefined' || one === 'null'))
    return 'write … ?? and a text for when it is missing'
  if (to === 'string' && /number|boolean|^-?\d/.test(from))
    return 'write String(…) around it, or a template string'
  if (to === 'number' && /string|"/.test(from))
    return 'write Number(…) around it, or a number without quotes'
  if (to.startsWith('"')) return `write ${described(to)}`
  return 'write a value of this type'
}

export function noOverload({ text }: Said): Words {
  const last = text.findLast((line) => SAYS.test(line)) ?? text.at(-1) ?? ''
  const [, from, to] = SAYS.exec(last) ?? []
  const message =
    from === undefined || to === undefined
      ? shortened(last)
      : `this takes ${described(to)}, not ${described(from)}`
  return { code: 'SLU0331', message, hint: 'mend what is given to it' }
}
