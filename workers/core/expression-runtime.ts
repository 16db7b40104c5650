// What compiled expressions may call besides methods of data: the guard of computed property names.

/** Properties through which code could leave the data. */
export const FORBIDDEN_PROPERTIES: ReadonlySet<string> = new Set([
  'constructor',
  '__proto__',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'caller',
  'callee',
  'arguments',
])

/** The `b` of `a[b]`: a name of data, or a TypeError. Turned into text once, so that nothing can change it afterwards. */
export function $key(key: unknown): string | number {
  if (typeof key === 'number') return key
  const name = String(key)
  if (FORBIDDEN_PROPERTIES.has(name)) throw new TypeError(`the property "${name}" cannot be read`)
  return name
}
