// Windows: what is counted, when, how long, and what becomes of it.
import { BILLING, FLEET, seeded } from '../corpus.ts'

const ISSUED = '  - id: issued\n'
const EACH = `  - id: each
    split:
      over: closed
      as: row
      steps:
        - id: total
          command:
            to: audit
            body: "{ subject: row.group, action: 'archive', level: 'info', at: row.start, detail: \`\${row.gross.sum}\` }"
`
const GOOD = 'by: event.data.currency, every: 1m, measure: { gross: tax.gross }'
const windowed = (fields: string, each = EACH) =>
  `  - id: closed\n    window: { ${fields} }\n${each}${ISSUED}`
const changed = (from: string, to: string) => windowed(GOOD.replace(from, to))
/** Of the steps that use it. */
const used = (from: string, to: string) => windowed(GOOD, EACH.replace(from, to))

export const windows = seeded('windows', {
  [BILLING]: [
    {
      what: 'a window in a fleet without state',
      from: ISSUED,
      to: windowed(GOOD),
      also: [{ file: FLEET, from: 'state: { in: hot }\n', to: '' }],
      line: 'window: {',
      hint: /state: \{ in: hot \}/,
    },
    {
      what: 'a window without a length',
      from: ISSUED,
      to: changed(', every: 1m', ''),
      line: 'window: {',
      hint: /every/,
    },
    {
      what: 'a window of no time',
      from: ISSUED,
      to: changed('1m', '0s'),
      line: 'window: {',
      hint: /every.*1s/s,
    },
    {
      what: 'a window by a misspelt field',
      from: ISSUED,
      to: changed('currency', 'curency'),
      line: 'window: {',
      hint: /curency.*currency/s,
    },
    {
      what: 'a window by what may be missing',
      from: ISSUED,
      to: changed('event.data.currency', 'event.data.note'),
      line: 'window: {',
      hint: /undefined.*\?\?/s,
    },
    {
      what: 'a window with a misspelt setting',
      from: ISSUED,
      to: changed('every: 1m', 'every: 1m, lateness: 5s'),
      line: 'window: {',
      hint: /lateness.*late/s,
    },
    {
      what: 'a measure that is a text',
      from: ISSUED,
      to: changed('tax.gross', 'event.data.order_id'),
      line: 'window: {',
      hint: /number.*string/s,
    },
    {
      what: 'a measure with a name that every window has',
      from: ISSUED,
      to: windowed(GOOD.replace('{ gross:', '{ count:'), EACH.replace('gross.sum', 'count.sum')),
      line: 'window: {',
      hint: /count.*another name/s,
    },
    {
      what: 'a measure that is no list of names',
      from: ISSUED,
      to: changed('{ gross: tax.gross }', 'tax.gross'),
      line: 'window: {',
      hint: /measure/,
    },
    {
      what: 'a time that is a truth',
      from: ISSUED,
      to: changed('every: 1m', 'every: 1m, at: tax.gross > 0'),
      line: 'window: {',
      hint: /time.*(text|number)/s,
    },
    {
      what: 'windows that nothing uses',
      from: ISSUED,
      to: windowed(GOOD, ''),
      line: 'window: {',
      hint: /split.*over: closed/s,
    },
    {
      what: 'a dedupe behind a window',
      from: ISSUED,
      to: windowed(
        GOOD,
        `  - id: fresh\n    dedupe: { key: event.data.order_id, window: 1h }\n${EACH}`,
      ),
      line: 'dedupe: {',
      hint: /lost.*before/s,
    },
    {
      what: 'a misspelt measure of a closed window',
      from: ISSUED,
      to: used('row.gross.sum', 'row.gros.sum'),
      line: 'row.gros.sum',
      hint: /gros.*gross/s,
    },
    {
      what: 'a misspelt part of a measure',
      from: ISSUED,
      to: used('row.gross.sum', 'row.gross.mean'),
      line: 'row.gross.mean',
      hint: /mean/,
    },
    {
      what: 'a number of a window where a text has to be',
      from: ISSUED,
      to: used('subject: row.group', 'subject: row.count'),
      line: 'subject: row.count',
      hint: /text|string/,
    },
  ],
})
