// Whether the handler that a step calls is there, by its name; what it takes and gives is for the types to say.
import type { Diagnostics, Place } from './diagnostics.ts'
import { nearest } from './suggest.ts'

/** Of what is no name the grammar has spoken. */
export function handlerIsThere(
  place: Place,
  name: string,
  handlers: readonly string[],
  out: Diagnostics,
): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || handlers.includes(name)) return
  const create = `create workers/handlers/${name}.ts with one function as its default export`
  const near = nearest(name, handlers)
  const hint = near === undefined ? create : `did you mean "${near}"? Else ${create}`
  out.error('SLU0305', place, `there is no handler "${name}"`, hint)
}
