// Checks the shape of steps: first which verb it is, then what that verb needs, so that a slip gives one message.
import type { Diagnostics } from './diagnostics.ts'
import { STEPS } from './grammar/steps.ts'
import { isMap, listOf, mapOf, type Raw } from './raw.ts'
import { checkShape } from './shape.ts'
import { didYouMean } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'

const VERBS = [...STEPS.keys()]

/** The one verb of a step; undefined when it has none or several. */
export function verbOf(step: Raw): string | undefined {
  const [verb, second] = Object.keys(step).filter((key) => VERBS.includes(key))
  return second === undefined ? verb : undefined
}

/** The lists of steps within a step, and where each stands below it. */
export function listsIn(step: Raw): { readonly path: Path; readonly steps: readonly unknown[] }[] {
  const { branches, otherwise } = mapOf(step['route'])
  return [
    ...listOf(branches).map((branch, at) => ({
      path: ['route', 'branches', at, 'steps'],
      steps: listOf(mapOf(branch)['steps']),
    })),
    { path: ['route', 'otherwise', 'steps'], steps: listOf(mapOf(otherwise)['steps']) },
    { path: ['split', 'steps'], steps: listOf(mapOf(step['split'])['steps']) },
  ]
}

/** True when each step of the list at `path`, and each within it, has its shape. */
export function checkSteps(
  file: YamlFile,
  path: Path,
  steps: readonly unknown[],
  out: Diagnostics,
): boolean {
  let fine = true
  steps.forEach((step, index) => {
    // The grammar around it has said that a step is a map.
    if (!isMap(step)) return
    const here = [...path, index]
    fine = checkStep(file, here, step, out) && fine
    for (const inner of listsIn(step))
      fine = checkSteps(file, [...here, ...inner.path], inner.steps, out) && fine
  })
  return fine
}

function checkStep(file: YamlFile, path: Path, step: Raw, out: Diagnostics): boolean {
  const written = Object.keys(step)
  const verb = verbOf(step)
  if (verb !== undefined) return checkShape(file, path, step, STEPS.get(verb) ?? {}, out)
  const verbs = written.filter((key) => VERBS.includes(key))
  const odd = written.find((key) => key !== 'id' && key !== 'when')
  if (verbs.length > 1) {
    const message = `the step has ${verbs.join(' and ')}`
    const place = file.key([...path, verbs[1] as string])
    out.error('SLU0211', place, message, 'one verb a step: make two steps of it')
  } else if (odd === undefined)
    out.error('SLU0211', file.at(path), 'the step does nothing', `add one of ${VERBS.join(', ')}`)
  else {
    const message = `unknown field "${odd.slice(0, 60)}" in a step`
    out.error(
      'SLU0201',
      file.key([...path, odd]),
      message,
      didYouMean(odd, [...VERBS, 'when', 'id']),
    )
  }
  return false
}
