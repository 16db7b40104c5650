// Says that a body, or an input, has a field too many or too few.
import { listed, nearest } from '../../suggest.ts'
import { destination, fieldsOfBody, type Here } from '../here.ts'
import type { Said } from '../tsc.ts'
import { extent, type Words } from './finding.ts'

const EXTRA = /'(.+?)' does not exist in type .*?(?: Did you mean to write '(.+)'\?)?$/

export function extraField({ text }: Said, here: Here): Words {
  const { piece, anatomy, offset } = here
  const [, name = '', meant] = EXTRA.exec(text[0] ?? '') ?? []
  const path = (anatomy.fieldAt(offset) ?? []).slice(0, -1)
  const fields = fieldsOfBody(piece, path, here.sources)
  const near = meant ?? nearest(name, fields)
  const list =
    fields.length > 0
      ? `it has: ${listed(fields)}`
      : piece.slot.kind === 'input'
        ? `remove it, or mend its name: workers/handlers/${piece.slot.handler}.ts says what it takes`
        : 'remove it, or mend its name'
  return {
    code: piece.slot.kind === 'input' ? 'SLU0337' : 'SLU0333',
    message: `${destination(piece) ?? 'this'} has no field "${name}"${within(path)}`,
    hint: near === undefined ? list : `did you mean "${near}"?`,
  }
}

/** Fields of a value that was made elsewhere, and that its destination refuses. */
export function refusedFields(type: string, here: Here): Words {
  const names = [...type.matchAll(/"([^"]+)"/g)].map(([, name]) => `"${name}"`)
  const { piece, anatomy, offset } = here
  return {
    code: 'SLU0333',
    message: `${destination(piece) ?? 'this'} has no ${names.length === 1 ? 'field' : 'fields'} ${listed(names)}`,
    hint: `name the fields that it needs: { ${fieldsOfBody(piece, [], here.sources).join(', ')} }`,
    ...extent(anatomy.at(offset)),
  }
}

const ONE = /Property '(.+?)' is missing in type '.*' but required in type '(.*)'\./
const SEVERAL = /is missing the following properties from type '.*': (.+)$/

/** The line that says so. */
export const lackingLine = ({ text }: Said): string | undefined =>
  text.find((line) => ONE.test(line) || SEVERAL.test(line))

export function missingFields(said: Said, here: Here): Words {
  const line = lackingLine(said) ?? ''
  const { piece, anatomy, offset } = here
  const { slot } = piece
  const one = ONE.exec(line)?.[1]
  const names = one === undefined ? (SEVERAL.exec(line)?.[1] ?? '').split(', ') : [one]
  const list = names.map((name) => (/^and \d+ more/.test(name) ? name : `"${name}"`)).join(', ')
  const { node, path } = anatomy.madeAt(offset)
  const message = `${destination(piece) ?? 'this'} lacks ${list}${within(path)}`
  if (slot.kind === 'input') {
    const hint = `workers/handlers/${slot.handler}.ts asks for it`
    return { code: 'SLU0337', message, hint, ...extent(node) }
  }
  const needs = slot.kind === 'body' ? `schemas/${slot.schema}.json needs` : 'it needs'
  const hint = `${needs} ${names.length === 1 ? 'it' : 'them'}: add ${list}`
  return { code: 'SLU0332', message, hint, ...extent(node) }
}

const within = (path: readonly string[]) => (path.length === 0 ? '' : ` at "${path.join('.')}"`)
