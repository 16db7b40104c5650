// Checks the shape of `from`: first which kind of source it is, then what that kind needs, so that a slip gives one message.
import type { Diagnostics } from './diagnostics.ts'
import { SOURCE_KINDS } from './grammar/sources.ts'
import { isMap } from './raw.ts'
import { checkShape } from './shape.ts'
import { nearest } from './suggest.ts'
import type { YamlFile } from './yaml-file.ts'

const KINDS = [...SOURCE_KINDS.keys()]
const PATH = ['from']

/** The field that names the source, written as it should be or nearly so; undefined when there is none. */
export function sourceKindOf(from: unknown): string | undefined {
  if (!isMap(from)) return undefined
  const written = Object.keys(from)
  return (
    KINDS.find((kind) => written.includes(kind)) ??
    KINDS.find((kind) => written.some((field) => nearest(field, KINDS) === kind))
  )
}

/** True when it has its shape. */
export function checkSource(file: YamlFile, from: unknown, out: Diagnostics): boolean {
  // The grammar of the pipeline has said that it is a map.
  if (!isMap(from)) return false
  const [kind, second] = KINDS.filter((one) => Object.hasOwn(from, one))
  if (second !== undefined) {
    const message = `the pipeline reads a ${kind} and a ${second}`
    const hint = 'a pipeline reads one source: make two pipelines of it'
    out.error('SLU0523', file.key([...PATH, second]), message, hint)
    return false
  }
  const meant = sourceKindOf(from)
  if (meant !== undefined) return checkShape(file, PATH, from, SOURCE_KINDS.get(meant) ?? {}, out)
  out.error(
    'SLU0523',
    file.key(PATH),
    'the pipeline reads nothing',
    `add one of ${KINDS.join(', ')}`,
  )
  return false
}
