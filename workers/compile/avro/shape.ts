// What an Avro schema says, as plain data that may go round in circles; knows nothing of bytes.
import type Avro from 'avsc'
import type { AvroType } from './library.ts'

type Scalar = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes'

export interface FieldShape {
  readonly name: string
  readonly shape: Shape
  /** What stands there when nothing is written. */
  readonly default: 'none' | 'null' | 'other'
}

export type Shape =
  | { readonly kind: Scalar }
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array' | 'map'; items: Shape }
  | { readonly kind: 'record'; fields: readonly FieldShape[] }
  /** `wrapped`: JSON cannot tell its branches apart. */
  | { readonly kind: 'union'; branches: readonly Shape[]; readonly wrapped: boolean }

export const shapeOf = (type: AvroType): Shape => new Shapes().of(type)

const NULL: Shape = { kind: 'null' }

class Shapes {
  private readonly known = new Map<AvroType, Shape>()

  of(type: AvroType): Shape {
    const known = this.known.get(type)
    if (known !== undefined) return known
    switch (type.typeName) {
      case 'record':
      case 'error': {
        const shape = this.keep(type, { kind: 'record', fields: [] as readonly FieldShape[] })
        shape.fields = (type as Avro.types.RecordType).fields.map((field) => ({
          name: field.name,
          shape: this.of(field.type),
          default: defaultOf(field),
        }))
        return shape
      }
      case 'array': {
        const shape = this.keep(type, { kind: 'array' as const, items: NULL })
        shape.items = this.of((type as Avro.types.ArrayType).itemsType)
        return shape
      }
      case 'map': {
        const shape = this.keep(type, { kind: 'map' as const, items: NULL })
        // The library's types give the map no name for it.
        shape.items = this.of((type as unknown as { valuesType: AvroType }).valuesType)
        return shape
      }
      case 'union:unwrapped':
      case 'union:wrapped': {
        const wrapped = type.typeName === 'union:wrapped'
        const shape = this.keep(type, {
          kind: 'union' as const,
          branches: [] as readonly Shape[],
          wrapped,
        })
        shape.branches = (type as Avro.types.UnwrappedUnionType).types.map((branch) =>
          this.of(branch),
        )
        return shape
      }
      case 'enum':
        return { kind: 'enum', symbols: (type as Avro.types.EnumType).symbols }
      case 'fixed':
        return { kind: 'fixed', size: (type as Avro.types.FixedType).size }
      default:
        return { kind: type.typeName as Scalar }
    }
  }

  private keep<S extends Shape>(type: AvroType, shape: S): S {
    this.known.set(type, shape)
    return shape
  }
}

function defaultOf(field: Avro.types.Field): FieldShape['default'] {
  const value = field.defaultValue() as unknown
  return value === undefined ? 'none' : value === null ? 'null' : 'other'
}

/** What a shape is made of, each part once, itself first. */
export function partsOf(shape: Shape): ReadonlySet<Shape> {
  const parts = new Set<Shape>()
  const visit = (part: Shape) => {
    if (parts.has(part)) return
    parts.add(part)
    if (part.kind === 'array' || part.kind === 'map') visit(part.items)
    if (part.kind === 'record') for (const field of part.fields) visit(field.shape)
    if (part.kind === 'union') for (const branch of part.branches) visit(branch)
  }
  visit(shape)
  return parts
}

/** A list of what takes no byte could have any number of items in a few bytes. */
export const holdsNothings = (shape: Shape): boolean =>
  [...partsOf(shape)].some((part) => part.kind === 'array' && isNothing(part.items))

function isNothing(shape: Shape, within: readonly Shape[] = []): boolean {
  if (shape.kind === 'null' || (shape.kind === 'fixed' && shape.size === 0)) return true
  if (shape.kind !== 'record') return false
  // One that is a part of itself, and not through a union or a list, takes no byte and has no end.
  if (within.includes(shape)) return true
  return shape.fields.every((field) => isNothing(field.shape, [...within, shape]))
}
