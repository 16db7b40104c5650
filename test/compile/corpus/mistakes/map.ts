// Values computed on the way: what is wrong with them, and with who uses them.
import { BILLING, seeded } from '../corpus.ts'

const before = (step: string) => `${step}\n  - id: tax\n`
const map = (value: string, more = '') =>
  before(`  - id: subtotal\n${more}    map: { value: '${value}' }`)

const FROM = '  - id: tax\n'
const SUM = 'event.data.lines.reduce((sum, line) => sum + line.quantity * line.unit_price, 0)'

export const maps = seeded('maps', {
  [BILLING]: [
    {
      what: 'a misspelt field in what is computed',
      from: FROM,
      to: map('event.data.lines.map(line => line.quanttiy)'),
      line: 'map: {',
      hint: /quanttiy.*quantity/s,
    },
    {
      what: 'a value that may be missing in what is computed',
      from: FROM,
      to: map('event.data.note.length'),
      line: 'map: {',
      hint: /\?\./,
    },
    {
      what: 'a name that comes later',
      from: FROM,
      to: map('tax.net'),
      line: 'map: {',
      hint: /later|before/,
    },
    {
      what: 'a call where a value is computed',
      from: FROM,
      to: map('fetch(event.data.order_id)'),
      line: 'map: {',
      hint: /fetch/,
    },
    {
      what: 'a field for the expression that is not there',
      from: FROM,
      to: before("  - id: subtotal\n    map: { expr: '1' }"),
      line: 'map: {',
      hint: /value/,
    },
    {
      what: 'an expression where the step wants a map',
      from: FROM,
      to: before("  - id: subtotal\n    map: '1'"),
      line: 'map:',
      hint: /map|value/,
    },
    {
      what: 'a misspelt field of what was computed',
      from: FROM,
      to: map('({ sum: 1, count: event.data.lines.length })'),
      also: [{ file: BILLING, from: 'net: tax.net,', to: 'net: subtotal.summ,' }],
      line: 'net: subtotal.summ,',
      hint: /summ.*\bsum\b/s,
    },
    {
      what: 'a text where a number was computed for',
      from: FROM,
      to: map('event.data.order_id'),
      also: [{ file: BILLING, from: 'net: tax.net,', to: 'net: subtotal,' }],
      line: 'net: subtotal,',
      hint: /number.*(text|string)|(text|string).*number/s,
    },
    {
      what: 'what was computed under a condition, unguarded',
      from: FROM,
      to: map(SUM, '    when: event.data.lines.length > 3\n'),
      also: [{ file: BILLING, from: 'net: tax.net,', to: 'net: subtotal,' }],
      line: 'net: subtotal,',
      hint: /subtotal.*(\?\?|when|undefined)/s,
    },
  ],
})
