// Writes one ES module a pipeline from checked expressions; no text of the user reaches it unchecked.

export interface StepCode {
  readonly kind:
    | 'call'
    | 'cache'
    | 'forget'
    | 'map'
    | 'command'
    | 'request'
    | 'event'
    | 'job'
    | 'store'
    | 'dedupe'
    | 'window'
    | 'route'
    | 'split'
  readonly id: string
  readonly index: number
  readonly when: string | undefined
  readonly input?: string
  readonly tags?: string | undefined
  readonly key?: string | undefined
  readonly body?: string
  readonly version?: string | undefined
  readonly value?: string
  readonly time?: string
  readonly measures?: readonly string[]
  readonly branches?: readonly { readonly when: string; readonly steps: readonly StepCode[] }[]
  readonly otherwise?: readonly StepCode[]
  readonly over?: string
  readonly as?: string
  readonly itemId?: string | undefined
  readonly steps?: readonly StepCode[]
}

/** Stands for the expression runtime, whose place differs from machine to machine: a hash over modules must not. */
const RUNTIME = 'sluice:expression-runtime'

/** `name` is a name by the grammar; of a file's name nobody knows what is in it. */
export function emitModule(
  name: string,
  when: string | undefined,
  steps: readonly StepCode[],
  reply?: string,
): string {
  const lines = [
    `// pipeline ${name}: generated from YAML, do not edit`,
    `import { $data, $key, $time } from '${RUNTIME}'`,
    `export const accepts = ${when === undefined ? 'undefined' : `(event) => ${bracketed(when)}`}`,
    'export async function steps(event, run) {',
    ...indented(steps.flatMap(stepLines)),
    ...(reply === undefined ? [] : indented([`await run.reply(${thunk(reply)})`])),
    '}',
    '',
  ]
  return lines.join('\n')
}

/** One checked expression over named values, as the default export of a module. */
export const emitExpression = (names: readonly string[], code: string): string =>
  [
    '// an expression: generated, do not edit',
    `import { $data, $key } from '${RUNTIME}'`,
    `export default ({ ${names.join(', ')} }) => ${bracketed(code)}`,
    '',
  ].join('\n')

/** What an alert becomes: its routing key, and the command. */
export const emitAlerting = (key: string | undefined, body: string): string =>
  [
    '// alerting: generated from YAML, do not edit',
    `import { $data, $key, $time } from '${RUNTIME}'`,
    `export const key = ${key === undefined ? 'undefined' : `(alert) => ${bracketed(key)}`}`,
    `export const body = (alert) => ${bracketed(body)}`,
    '',
  ].join('\n')

/** The module as it can be imported here; `url` may hold any character. */
export const withRuntime = (module: string, url: string): string =>
  module.replace(`'${RUNTIME}'`, () => JSON.stringify(url))

/** Of an expression that takes several lines only the first is moved: the text of a user stays as it is. */
const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`)

function stepLines(step: StepCode): string[] {
  const { index, when, id, kind } = step
  const test = when === undefined ? undefined : `run.test(${index}, ${thunk(when)})`
  if (kind === 'route' || kind === 'split') {
    const lines = kind === 'route' ? routeLines(step) : splitLines(step)
    return test === undefined ? lines : [`if (${test}) {`, ...indented(lines), '}']
  }
  const work = `${kind === 'map' ? '' : 'await '}run.${kind}(${argumentsOf(step).join(', ')})`
  if (
    kind === 'command' ||
    kind === 'event' ||
    kind === 'job' ||
    kind === 'store' ||
    kind === 'dedupe' ||
    kind === 'forget'
  )
    return [test === undefined ? work : `if (${test}) ${work}`]
  return [`const ${id} = ${test === undefined ? work : `${test} ? ${work} : undefined`}`]
}

function routeLines({ index, branches = [], otherwise = [] }: StepCode): string[] {
  const conditions = branches.map(({ when }) => thunk(when)).join(', ')
  const way = (label: string, steps: readonly StepCode[]) => [
    `${label}: {`,
    ...indented([...steps.flatMap(stepLines), 'break']),
    '}',
  ]
  return [
    `switch (run.route(${index}, [${conditions}])) {`,
    ...indented([
      ...branches.flatMap(({ steps }, at) => way(`case ${at}`, steps)),
      ...way('default', otherwise),
    ]),
    '}',
  ]
}

function splitLines({ index, over, as = '', itemId, steps = [] }: StepCode): string[] {
  const id = itemId === undefined ? 'undefined' : `(${as}) => ${bracketed(itemId)}`
  return [
    `await run.split(${index}, ${thunk(over)}, ${id}, async (${as}, run) => {`,
    ...indented(steps.flatMap(stepLines)),
    '})',
  ]
}

function argumentsOf(step: StepCode): string[] {
  const { kind, index, input, key, tags, body, version, value, time, measures = [] } = step
  switch (kind) {
    case 'call':
      return [String(index), thunk(input)]
    case 'cache':
      return [String(index), thunk(key), thunk(input), ...(tags === undefined ? [] : [thunk(tags)])]
    case 'forget':
      return [String(index), thunk(tags)]
    case 'dedupe':
      return [String(index), thunk(key)]
    case 'window':
      return [String(index), thunk(key), thunk(time), `[${measures.map(thunk).join(', ')}]`]
    case 'map':
      return [String(index), thunk(value)]
    case 'request':
      return [String(index), thunk(body)]
    case 'command':
    case 'event':
    case 'job':
      return [String(index), key === undefined ? 'undefined' : thunk(key), thunk(body)]
    case 'store':
      return [
        String(index),
        thunk(key),
        thunk(body),
        ...(version === undefined ? [] : [thunk(version)]),
      ]
    case 'route':
    case 'split':
      return []
  }
}

const thunk = (code: string | undefined) => `() => ${bracketed(code ?? 'undefined')}`

/** An object, not a block of statements. */
const bracketed = (code: string) => (code.startsWith('{') ? `(${code})` : code)
