// Looks names up and says what was probably meant when there is no such thing.
import type { Diagnostics } from './diagnostics.ts'
import { didYouMean } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'
import type { Code } from '../core/codes.ts'

/** True when `name` is among `names`. What is no text at all is the grammar's business, not ours. */
export function known(
  file: YamlFile,
  path: Path,
  what: string,
  name: unknown,
  names: readonly string[],
  code: Code,
  out: Diagnostics,
): boolean {
  if (typeof name !== 'string') return false
  if (names.includes(name)) return true
  out.error(code, file.at(path), `there is no ${what} "${name}"`, didYouMean(name, names))
  return false
}
