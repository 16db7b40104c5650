// Another identity for a value that carries one.

/** A copy; without a path it is the value itself. */
export function withId(data: unknown, path: readonly string[] | undefined, id: string): unknown {
  const [first, ...rest] = path ?? []
  if (first === undefined) return data
  const own = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
  return { ...own, [first]: rest.length === 0 ? id : withId(own[first], rest, id) }
}
