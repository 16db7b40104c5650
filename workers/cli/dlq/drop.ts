// `sluice dlq drop`: marks dead letters as dealt with, and says why; nothing is deleted, a broker forgets letters by their retention.
import { SluiceError } from '../../core/errors.ts'
import type { Composition } from '../composition.ts'
import { act, type ActingOptions } from './acting.ts'

export interface DropOptions extends ActingOptions {
  readonly reason: string
}

/** Of the audit log and the ledger, whose texts are small. */
const LONGEST = 2_000

// oxlint-disable-next-line require-await -- what is refused is a rejection
export async function drop(options: DropOptions, composition: Composition): Promise<number> {
  const reason = options.reason.trim()
  if (reason === '' || reason.length > LONGEST)
    throw new SluiceError('SLU1001', {
      message: `--reason is a text of 1 to ${LONGEST} characters: the next one will read why`,
    })
  return act(
    options,
    {
      verb: 'drop',
      maxReplays: 0,
      resend: false,
      also: () => [],
      edit: () => Promise.resolve(undefined),
      foresee: () => 'dropped: shown as such, and never replayed',
      act: (operator, letter, destination) => operator.drop(letter, destination, reason),
    },
    composition,
  )
}
