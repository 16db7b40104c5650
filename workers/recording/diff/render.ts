// A comparison as people read it: how much is the same, what differs how often, and the first differences in full. What stands in a
// recording may have been sent by anybody; it cannot steer the terminal.
import { printable as plain } from '../../compile/render.ts'
import type { Compared, Difference, Side } from './diff.ts'
import { kindOf, type Tally } from './tally.ts'

export function renderDiff(compared: Compared, tally: Tally): string {
  const { a, b, both, equal, onlyA, onlyB } = compared
  const lines = [sideLine('A', a), sideLine('B', b), '']
  lines.push(`${number(equal)} of ${messages(both)} that both tell of are the same.`)
  if (onlyA > 0) lines.push(`${messages(onlyA)} only in A.`)
  if (onlyB > 0) lines.push(`${messages(onlyB)} only in B.`)
  if (tally.total === 0) return `${lines.join('\n')}\nNo difference.\n`
  lines.push('', `${number(tally.total)} ${tally.total === 1 ? 'difference' : 'differences'}:`)
  for (const { count, what, where, path } of tally.all()) {
    const words = [what, where, path].filter((word) => word !== undefined)
    lines.push(`  ${number(count).padStart(9)}  ${words.map(plain).join('  ')}`)
  }
  lines.push('', tally.first.length < tally.total ? 'The first of them:' : 'They are:')
  for (const difference of tally.first) lines.push(...differenceLines(difference))
  return `${lines.join('\n')}\n`
}

function sideLine(name: string, { file, modes, pipelines, messages: all, repeats, torn }: Side) {
  const parts = [
    messages(all),
    ...(repeats > 0 ? [`${number(repeats)} lines told again`] : []),
    ...(torn > 0 ? [`a half-written line of ${number(torn)} bytes at the end is passed over`] : []),
  ]
  const what = [...modes, ...pipelines].map(plain).join(' ')
  return `${name}  ${plain(file)}  ${what}: ${parts.join(', ')}`
}

function differenceLines(difference: Difference): string[] {
  const { entry } = difference
  const place = entry.message ?? 'nothing'
  const id = entry.id === null ? '' : ` id ${entry.id}`
  const key = entry.key === null ? '' : ` key ${entry.key}`
  const head = `  ${plain(`${entry.pipeline} ${place}${id}${key}`)}: ${kindOf(difference)}`
  switch (difference.what) {
    case 'message':
      return [head]
    case 'outcome':
      return [`${head}, ${plain(difference.a)} → ${plain(difference.b)}`]
    case 'order':
      return [`${head}, after ${plain(difference.before)} in A, before it in B`]
    case 'effect': {
      const { kind, to, key: under } = difference.effect
      const under2 = under === undefined ? '' : ` key ${under}`
      const what = `${head}, ${plain(`${kind} to ${to}${under2}`)}`
      if (difference.kind !== 'changed') return [what]
      return [
        what,
        ...difference.fields.map(
          ({ path, a, b }) => `    ${plain(path)}  ${shown(a)} → ${shown(b)}`,
        ),
      ]
    }
  }
}

const LONGEST = 200

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return plain(text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`)
}

const number = (value: number): string => value.toLocaleString('en-US')
const messages = (count: number): string =>
  `${number(count)} ${count === 1 ? 'message' : 'messages'}`
