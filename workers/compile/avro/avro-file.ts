// Reads the Avro schema that stands beside the JSON Schema of a topic, and holds both against each other.
import { asError } from '../../core/errors.ts'
import type { Diagnostics, Place } from '../diagnostics.ts'
import { readSchemaFile, wordIn } from '../schema-file.ts'
import { disagreements } from './agreement.ts'
import { parseAvro } from './library.ts'
import { holdsNothings, partsOf, shapeOf, type Shape } from './shape.ts'

/** Undefined for one that is absent or of no use, which is said: its absence at `at`. */
export function readAvro(
  root: string,
  name: string,
  schema: object | undefined,
  at: Place,
  out: Diagnostics,
): string | undefined {
  const file = `schemas/${name}.avsc`
  const read = readSchemaFile(root, file, out)
  if (read === 'unreadable') return undefined
  if (read === 'absent') {
    const hint = `write it beside schemas/${name}.json: what stands on the topic, and in the registry`
    out.error('SLU0306', at, `there is no ${file}`, hint)
    return undefined
  }
  const shape = usable(file, read.text, out)
  if (shape === undefined) return undefined
  const found = schema === undefined ? [] : disagreements(shape, schema)
  for (const { about, message, hint } of found)
    out.error('SLU0590', wordIn(file, read.text, about ?? ''), message, hint)
  return found.length > 0 ? undefined : read.text
}

function usable(file: string, text: string, out: Diagnostics): Shape | undefined {
  const refuse = (about: unknown, message: string, hint: string): undefined => {
    out.error('SLU0589', wordIn(file, text, about), message, hint)
  }
  let shape: Shape
  try {
    shape = shapeOf(parseAvro(text))
  } catch (error) {
    const said =
      error instanceof RangeError
        ? 'it is nested too deeply'
        : asError(error).message.replace(/\s+/g, ' ').slice(0, 300)
    return refuse(error, `not an Avro schema: ${said}`, 'https://avro.apache.org/docs/ says how')
  }
  if (holdsNothings(shape))
    return refuse('array', 'a list of nothing could hold any number of it', 'give its items a type')
  for (const part of partsOf(shape)) {
    if (part.kind === 'bytes' || part.kind === 'fixed')
      return refuse(
        part.kind,
        `${part.kind} have no form in JSON`,
        'use a string, as base64 is one',
      )
    if (part.kind === 'union' && part.wrapped)
      return refuse(
        'type',
        'a union of what JSON cannot tell apart',
        'a union may hold one record, map or enum beside null, and one kind of number',
      )
    const odd = part.kind === 'record' && part.fields.find((field) => ODD.has(field.name))
    if (odd) return refuse(odd.name, `a field cannot be called ${odd.name}`, 'give it another name')
  }
  return shape
}

/** Names that every object has. */
const ODD: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
