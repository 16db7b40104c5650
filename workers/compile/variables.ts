// Finds each `${…}` of fleet.yaml that is no variable; where variables may stand is for the grammar to say, and in expressions `${…}` is JavaScript's.
import type { Diagnostics } from './diagnostics.ts'
import { FLEET } from './grammar/fleet.ts'
import type { JsonSchema } from './grammar/parts.ts'
import { mapOf } from './raw.ts'
import { variableProblem } from './settings.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export function checkVariables(file: YamlFile, out: Diagnostics): void {
  visit(file, [], file.value, FLEET, out)
}

function visit(
  file: YamlFile,
  path: Path,
  value: unknown,
  grammar: JsonSchema,
  out: Diagnostics,
): void {
  if (grammar['isExpression'] === true) return
  const problem = typeof value === 'string' ? variableProblem(value) : undefined
  if (problem !== undefined)
    out.error('SLU0210', file.at(path), 'a variable that cannot be read', problem)
  if (typeof value !== 'object' || value === null) return
  const fields = mapOf(grammar['properties'])
  for (const [key, child] of Object.entries(value))
    visit(file, [...path, key], child, mapOf(Object.hasOwn(fields, key) ? fields[key] : {}), out)
}
