// `sluice dlq replay`: sends dead letters back to where they came from, each once; a run that was killed is gone on with by the next one.
import { readFileSync } from 'node:fs'
import { asError, SluiceError } from '../../core/errors.ts'
import type { Edit } from '../../ops/dlq/edit.ts'
import { compileLetterExpression } from '../../ops/dlq/filter.ts'
import type { Foreign, Letter } from '../../ops/dlq/letter.ts'
import { alsoReading, originConnections, targetOf } from '../../ops/dlq/origin.ts'
import type { Composition } from '../composition.ts'
import { act, type ActingOptions } from './acting.ts'
import type { Opened } from './open.ts'

export interface ReplayOptions extends ActingOptions {
  readonly maxReplays: number
  readonly resend: boolean
  /** An expression over the letter, or @ and the name of a file. */
  readonly edit?: string
}

export const replay = (options: ReplayOptions, composition: Composition): Promise<number> =>
  act(
    options,
    {
      verb: 'replay',
      maxReplays: options.maxReplays,
      resend: options.resend,
      also: originConnections,
      edit: (opened, letters) => editOf(options.edit, opened, letters),
      foresee: (opened, letter) =>
        `${whereTo(opened, letter)}${options.edit === undefined ? '' : ', edited'}`,
      act: (operator, letter, destination) =>
        letter.kind === 'letter'
          ? operator.replay(letter, destination)
          : Promise.resolve({ kind: 'refused', error: foreign(letter) }),
    },
    composition,
  )

const foreign = ({ why }: Foreign) => new SluiceError('SLU5709', { message: why })

function whereTo(opened: Opened, letter: Letter | Foreign): string {
  const refused = ({ code, message }: SluiceError) => `refused ${code}: ${message}`
  if (letter.kind === 'foreign') return refused(foreign(letter))
  try {
    const { kind, name } = targetOf(opened, letter)
    const others = alsoReading(opened.plan, letter)
    const again = others.length === 0 ? '' : `; done again by ${others.join(', ')}, without once`
    return `to ${kind} ${name}${again}`
  } catch (thrown) {
    if (thrown instanceof SluiceError) return refused(thrown)
    throw thrown
  }
}

async function editOf(
  edit: string | undefined,
  { plan }: Opened,
  letters: number,
): Promise<Edit | undefined> {
  if (edit === undefined) return undefined
  if (!edit.startsWith('@')) {
    const expression = await compileLetterExpression(plan.root, '--edit', edit)
    return { kind: 'expression', expression }
  }
  if (letters > 1)
    throw new SluiceError('SLU1001', {
      message: `the file of --edit is one message, and ${letters} letters are meant`,
    })
  try {
    return { kind: 'bytes', value: readFileSync(edit.slice(1)) }
  } catch (cause) {
    throw new SluiceError('SLU1001', { message: `--edit: ${asError(cause).message}`, cause })
  }
}
