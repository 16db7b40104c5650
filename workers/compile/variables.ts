// Finds each `${…}` of fleet.yaml that is no variable; where variables may stand is for the grammar to say.
import type { Diagnostics } from './diagnostics.ts'
import { variableProblem } from './settings.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export function checkVariables(file: YamlFile, out: Diagnostics): void {
  visit(file, [], file.value, out)
}

function visit(file: YamlFile, path: Path, value: unknown, out: Diagnostics): void {
  const problem = typeof value === 'string' ? variableProblem(value) : undefined
  if (problem !== undefined)
    out.error('SLU0210', file.at(path), 'a variable that cannot be read', problem)
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) visit(file, [...path, key], child, out)
}
