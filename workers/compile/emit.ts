// Writes one ES module a pipeline from checked expressions; no text of the user reaches it unchecked.

export interface StepCode {
  readonly kind: 'call' | 'cache' | 'map' | 'command' | 'event'
  readonly id: string
  readonly index: number
  readonly when: string | undefined
  readonly input?: string
  readonly key?: string | undefined
  readonly body?: string
  readonly value?: string
}

/** Stands for the expression runtime, whose place differs from machine to machine: a hash over modules must not. */
const RUNTIME = 'sluice:expression-runtime'

/** `name` is a name by the grammar; of a file's name nobody knows what is in it. */
export function emitModule(
  name: string,
  when: string | undefined,
  steps: readonly StepCode[],
): string {
  const lines = [
    `// pipeline ${name}: generated from YAML, do not edit`,
    `import { $data, $key } from '${RUNTIME}'`,
    `export const accepts = ${when === undefined ? 'undefined' : `(event) => ${bracketed(when)}`}`,
    'export async function steps(event, run) {',
    ...steps.map(line),
    '}',
    '',
  ]
  return lines.join('\n')
}

/** The module as it can be imported here; `url` may hold any character. */
export const withRuntime = (module: string, url: string): string =>
  module.replace(`'${RUNTIME}'`, () => JSON.stringify(url))

function line(step: StepCode): string {
  const { index, when, id } = step
  const work = `${step.kind === 'map' ? '' : 'await '}run.${step.kind}(${argumentsOf(step).join(', ')})`
  const test = when === undefined ? undefined : `run.test(${index}, ${thunk(when)})`
  if (step.kind === 'command' || step.kind === 'event')
    return test === undefined ? `  ${work}` : `  if (${test}) ${work}`
  return `  const ${id} = ${test === undefined ? work : `${test} ? ${work} : undefined`}`
}

function argumentsOf({ kind, index, input, key, body, value }: StepCode): string[] {
  switch (kind) {
    case 'call':
      return [String(index), thunk(input)]
    case 'cache':
      return [String(index), thunk(key), thunk(input)]
    case 'map':
      return [String(index), thunk(value)]
    case 'command':
    case 'event':
      return [String(index), key === undefined ? 'undefined' : thunk(key), thunk(body)]
  }
}

const thunk = (code: string | undefined) => `() => ${bracketed(code ?? 'undefined')}`

/** An object, not a block of statements. */
const bracketed = (code: string) => (code.startsWith('{') ? `(${code})` : code)
