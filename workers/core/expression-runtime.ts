// What compiled expressions may call besides methods of data: the guards that keep them within the data.

/** Properties through which code could leave the data; no expression reads them. */
export const FORBIDDEN_PROPERTIES: ReadonlySet<string> = new Set([
  'constructor',
  '__proto__',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
])

/** A key that no data has. */
const NOTHING = Symbol('not data')

/**
 * The `b` of `a[b]`, turned into text once so that nothing can change it afterwards. A name that leads out of the data
 * is a name that is not there, not a failure: it may come from a message, and a message must not stop a pipeline.
 */
export function $key(key: unknown): string | number | symbol {
  if (typeof key === 'number') return key
  const name = String(key)
  return FORBIDDEN_PROPERTIES.has(name) ? NOTHING : name
}

/** The value of a property that might be inherited: only data is a value, the language's own functions are not. */
export const $data = (value: unknown): unknown => (typeof value === 'function' ? undefined : value)

/** RFC 3339, or a day alone. */
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i

/** What `Date.parse` is given: without a zone it is UTC, and in another form no time, wherever the process runs. */
export function $time(text: unknown): string {
  const [, day, time = '00:00', zone = 'Z'] = TIME.exec(String(text)) ?? []
  return day === undefined ? '' : `${day}T${time}${zone.toUpperCase()}`
}
