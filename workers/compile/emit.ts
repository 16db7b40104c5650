// Writes one ES module a pipeline from checked expressions; no text of the user reaches it unchecked.

export interface StepCode {
  readonly kind: 'call' | 'cache' | 'command' | 'event'
  readonly id: string
  readonly index: number
  readonly when: string | undefined
  readonly input?: string
  readonly key?: string
  readonly body?: string
}

const RUNTIME = '$RUNTIME'

/** The place of the runtime is filled in by `build`: it differs from machine to machine, and the hash must not. */
export function emitModule(
  file: string,
  when: string | undefined,
  steps: readonly StepCode[],
): string {
  const lines = [
    `// generated from ${file}; do not edit`,
    `import { $key } from '${RUNTIME}'`,
    `export const accepts = ${when === undefined ? 'undefined' : `(event) => (${when}\n)`}`,
    'export async function steps(event, run) {',
    ...steps.map(line),
    '}',
    'void $key',
    '',
  ]
  return lines.join('\n')
}

export const withRuntime = (module: string, url: string) => module.replace(RUNTIME, url)

// A line break closes a comment that an expression may end with.
const thunk = (code: string | undefined) => `() => (${code ?? 'undefined'}\n)`

function line(step: StepCode): string {
  const { index, when, id } = step
  const work = `await run.${step.kind}(${argumentsOf(step).join(', ')})`
  const value = step.kind === 'call' || step.kind === 'cache'
  const test = when === undefined ? undefined : `run.test(${index}, ${thunk(when)})`
  if (!value) return test === undefined ? `  ${work}` : `  if (${test}) ${work}`
  return `  const ${id} = ${test === undefined ? work : `${test} ? ${work} : undefined`}`
}

function argumentsOf({ kind, index, input, key, body }: StepCode): string[] {
  switch (kind) {
    case 'call':
      return [String(index), thunk(input)]
    case 'cache':
      return [String(index), thunk(key), thunk(input)]
    case 'command':
      return [String(index), thunk(body)]
    case 'event':
      return [String(index), thunk(key), thunk(body)]
  }
}
