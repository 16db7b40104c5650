// `sluice diff`: whether two recordings tell of the same effects; 0 equal, 1 different, 2 for what cannot be read.
import { diff as compare } from '../../recording/diff/diff.ts'
import { renderDiff } from '../../recording/diff/render.ts'
import { Tally } from '../../recording/diff/tally.ts'
import { notTooDeep } from '../../recording/diff/too-deep.ts'
import { EXIT } from '../exit.ts'

export interface DiffOptions {
  readonly a: string
  readonly b: string
  readonly by: 'message' | 'id'
  readonly ignore: readonly string[]
  readonly common: boolean
  /** So many differences are told in full. */
  readonly limit: number
  readonly format: 'text' | 'json'
}

/** Rejects with SLU1015. */
export function diff({ a, b, limit, format, ...terms }: DiffOptions): number {
  const tally = new Tally(limit)
  const compared = compare({ a, b }, terms, (difference) => tally.add(difference))
  const { total: differences, first } = tally
  process.stdout.write(
    notTooDeep({ a, b }, () =>
      format === 'json'
        ? `${JSON.stringify({ version: 1, ...compared, differences, counts: tally.all(), first })}\n`
        : renderDiff(compared, tally),
    ),
  )
  return differences === 0 ? EXIT.ok : EXIT.failed
}
