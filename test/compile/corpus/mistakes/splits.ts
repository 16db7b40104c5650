// Lists and their items: what is wrong with a split, and with who looks at its items from elsewhere.
import { BILLING, METRICS, seeded } from '../corpus.ts'

const FROM = '  - id: review\n'
const audit = (detail: string, subject = 'line.sku') =>
  `command: { to: audit, body: "{ subject: ${subject}, action: 'seen', level: 'info', at: event.time, detail: ${detail} }" }`

interface Parts {
  readonly over?: string
  readonly as?: string
  readonly more?: string
  readonly first?: string
  readonly second?: string
  readonly after?: string
}

/** A split of the lines of an order, right in all that is not said. */
const split = ({
  over = 'event.data.lines',
  as = 'line',
  more = '',
  first = "map: { value: 'line.quantity * line.unit_price' }",
  second = audit('String(worth)'),
  after = '',
}: Parts) => `  - id: every_line
    split:
      over: ${over}
      as: ${as}
${more}      steps:
        - id: worth
          ${first}
        - id: seen
          ${second}
${after}${FROM}`

export const splits = seeded('splits', {
  [BILLING]: [
    {
      what: 'a misspelt field of an item',
      from: FROM,
      to: split({ second: audit("'x'", 'line.skuu') }),
      line: 'line.skuu',
      hint: /skuu.*\bsku\b/s,
    },
    {
      what: 'a field of an item that may be missing',
      from: FROM,
      to: split({ first: "map: { value: 'line.discount * 2' }" }),
      line: 'line.discount * 2',
      hint: /discount.*possibly undefined/s,
    },
    {
      what: 'a misspelt list',
      from: FROM,
      to: split({ over: 'event.data.linse' }),
      line: 'over: event.data.linse',
      hint: /linse.*lines/s,
    },
    {
      what: 'an object in place of a list',
      from: FROM,
      to: split({ over: 'event.data.customer' }),
      line: 'over: event.data.customer',
      hint: /list.*Object\.values/s,
    },
    {
      what: 'a text in place of a list',
      from: FROM,
      to: split({ over: 'event.data.order_id' }),
      line: 'over: event.data.order_id',
      hint: /list.*split/s,
    },
    {
      what: 'a number in place of a list',
      from: FROM,
      to: split({ over: 'event.data.lines.length' }),
      line: 'over: event.data.lines.length',
      hint: /list/,
    },
    {
      what: 'a list that may be missing',
      from: FROM,
      to: split({
        over: 'event.data.lines.find(line => line.quantity > 9)?.sku.split("-")',
        first: 'map: { value: line.length }',
        second: audit('String(worth)', 'line'),
      }),
      line: 'over: event.data.lines.find',
      hint: /possibly undefined.*\?\? \[\]/s,
    },
    {
      what: 'an item behind its split',
      from: FROM,
      to: split({ after: `  - id: later\n    ${audit("'x'")}\n` }),
      line: "detail: 'x'",
      hint: /line.*split "every_line"/s,
    },
    {
      what: 'a value of an item behind its split',
      from: FROM,
      to: split({ after: `  - id: later\n    ${audit('String(worth)', "'x'")}\n` }),
      line: "subject: 'x'",
      hint: /worth.*split "every_line"/s,
    },
    {
      what: 'the value of a split',
      from: FROM,
      to: split({ after: `  - id: later\n    ${audit('String(every_line)', "'x'")}\n` }),
      line: 'String(every_line)',
      hint: /every_line.*split step has no value/s,
    },
    {
      what: 'an item in the list itself',
      from: FROM,
      to: split({ over: 'line.parts' }),
      line: 'over: line.parts',
      hint: /line.*not known/s,
    },
    {
      what: 'a name for the item that a step has',
      from: FROM,
      to: split({ as: 'tax', first: "map: { value: '1' }", second: audit("'x'", 'event.id') }),
      line: 'as: tax',
      hint: /tax.*taken/s,
    },
    {
      what: 'a reserved word for the item',
      from: FROM,
      to: split({ as: 'new', first: "map: { value: '1' }", second: audit("'x'", 'event.id') }),
      line: 'as: new',
      hint: /reserved/,
    },
    {
      what: 'a name for the item that is none',
      from: FROM,
      to: split({ as: 'a-line', first: "map: { value: '1' }", second: audit("'x'", 'event.id') }),
      line: 'as: a-line',
      hint: /as.*form/s,
    },
    {
      what: 'an id of items that is neither a text nor a number',
      from: FROM,
      to: split({ more: "      id: '[line.sku]'\n" }),
      line: "id: '[line.sku]'",
      hint: /text or a number/,
    },
    {
      what: 'one job for all items',
      from: FROM,
      to: split({
        second: `job: { to: archives, id: event.data.order_id, body: "{ subject: line.sku, action: 'seen', level: 'info', at: event.time }" }`,
      }),
      line: 'job: { to: archives',
      hint: /same for each line/,
    },
    {
      what: 'a limit beyond all bounds',
      from: FROM,
      to: split({ more: '      limit: 1000000\n' }),
      line: 'limit: 1000000',
      hint: /100000/,
    },
    {
      what: 'no name for the item',
      from: FROM,
      to: split({}).replace('      as: line\n', ''),
      line: 'split:',
      hint: /add as/,
    },
    {
      what: 'a split without steps',
      from: FROM,
      to: `  - id: every_line\n    split: { over: event.data.lines, as: line, steps: [] }\n${FROM}`,
      line: 'split: { over',
      hint: /steps.*empty/s,
    },
    {
      what: 'several at once in place of one after another',
      from: FROM,
      to: split({ more: '      concurrency: 4\n' }),
      line: 'concurrency: 4',
      hint: /unknown field "concurrency"/,
    },
  ],
  [METRICS]: [
    {
      what: 'a list that only some kinds of an event have',
      from: '  - id: page\n',
      to: `  - id: every_bucket
    split:
      over: event.data.buckets
      as: bucket
      steps: [{ id: twice, map: { value: '[bucket, bucket]' } }]
  - id: page
`,
      line: 'over: event.data.buckets',
      hint: /buckets.*histogram/s,
    },
  ],
})
