// Changes one method of a class of the product for as long as a bug is planted; the product itself has no switch for it.

type Method = (this: Self, ...given: never[]) => unknown
/** What is planted meets the product from within. */
export type Self = Record<string, never>

export type Original = (self: unknown, ...given: unknown[]) => unknown

/** Returns how to take it out again. Fails when there is no such method: a bug that is planted nowhere would never be found. */
export function plant(
  owner: { readonly prototype: object; readonly name: string },
  name: string,
  make: (original: Original) => (self: never, ...given: never[]) => unknown,
): () => void {
  const found = Object.getOwnPropertyDescriptor(owner.prototype, name)
  const method: unknown = found?.value
  if (found === undefined || typeof method !== 'function')
    throw new Error(`${owner.name} has no method ${name}`)
  const bug = make((self, ...given) => Reflect.apply(method, self, given)) as (
    ...all: unknown[]
  ) => unknown
  const planted: Method = function (...given) {
    return bug(this, ...given)
  }
  Object.defineProperty(owner.prototype, name, { ...found, value: planted })
  return () => Object.defineProperty(owner.prototype, name, found)
}
