// Looks names up and says what was probably meant when there is no such thing.
import type { Code } from '../core/codes.ts'
import type { Diagnostics } from './diagnostics.ts'
import { didYouMean } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/**
 * True when `name` is among `names`. What is no text at all is the grammar's business, not ours; and where the names
 * are not known, because their file could not be read, none is called wrong.
 */
export function known(
  file: YamlFile,
  path: Path,
  what: string,
  name: unknown,
  names: readonly string[] | undefined,
  code: Code,
  out: Diagnostics,
  /** What else has names: of which sort these are, and what to do. */
  others?: ReadonlyMap<string, string>,
): name is string {
  if (typeof name !== 'string' || names === undefined || name.includes('${')) return false
  if (names.includes(name)) return true
  const message = `there is no ${what} "${name.slice(0, 100)}"`
  const other = others?.get(name)
  const hint = other === undefined ? didYouMean(name, names) : `"${name}" is ${other}`
  out.error(code, file.at(path), message, hint)
  return false
}
