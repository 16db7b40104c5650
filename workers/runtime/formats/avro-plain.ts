// What the Avro library read, as JSON would have given it: plain objects, without the nulls that stand for what is not there.
import type { Shape } from '../../compile/avro/shape.ts'

export function plainOfAvro(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'record': {
      const read = value as Readonly<Record<string, unknown>>
      const plain: Record<string, unknown> = {}
      for (const field of shape.fields) {
        const held = read[field.name]
        // Avro writes that something is not there as the default that says so.
        if (held === null && field.default === 'null') continue
        plain[field.name] = plainOfAvro(field.shape, held)
      }
      return plain
    }
    case 'array':
      return (value as unknown[]).map((item) => plainOfAvro(shape.items, item))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, held]) => [key, plainOfAvro(shape.items, held)]),
      )
    case 'union': {
      const branch = value === null ? undefined : shape.branches.find((one) => holds(one, value))
      return branch === undefined ? value : plainOfAvro(branch, value)
    }
    default:
      return value
  }
}

/** The compiler refuses unions whose branches JSON cannot tell apart. */
function holds({ kind }: Shape, value: unknown): boolean {
  if (kind === 'array') return Array.isArray(value)
  return (kind === 'record' || kind === 'map') && typeof value === 'object' && !Array.isArray(value)
}
