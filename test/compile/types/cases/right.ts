// Pipelines without a mistake: nothing may be said of them.

type Edits = readonly (readonly [from: string, to: string])[]

const KEY = "'[event.data.customer.id, event.data.items]'"
const RISK = "'{ amount: price.amount, customer: event.data.customer.id }'"
const ANNOUNCE = "'{ order_id: event.data.order_id, amount: price.amount }'"
const WHEN = "when: event.data.kind === 'placed'"
const NOTICE = "when: risk?.level === 'high'"
const MEMO = 'memo: event.data.note'

const key = (expression: string): Edits => [[KEY, `|-\n        ${expression}`]]
const notice = (condition: string): Edits => [[NOTICE, `when: ${condition}`]]
const amount = (expression: string): Edits => [
  [ANNOUNCE, JSON.stringify(`{ order_id: event.data.order_id, amount: ${expression} }`)],
]
const memo = (field: string): Edits => [[MEMO, field]]

/** For what does not narrow the event to one kind. */
const EITHER: Edits = [
  [KEY, 'event.data.order_id'],
  ['input: event.data }', "input: '{ order_id: event.data.order_id, items: [] }' }"],
  [RISK, "'{ amount: price.amount, customer: 1 }'"],
  [
    'lines: event.data.items.map(item => ({ sku: item.sku, quantity: item.quantity })),\n          memo: event.data.note',
    'lines: []',
  ],
  ['event.data.customer.country', 'event.id'],
  ['event.data.customer.id} is', 'event.id} is'],
]

export const RIGHT: Readonly<Record<string, Edits>> = {
  'as it is': [],

  // what a condition says holds for what comes after it
  'the data in a callback': amount(
    'event.data.items.map(item => item.price * event.data.total)[0] ?? 0',
  ),
  'the data in a callback within a callback': amount(
    'event.data.items.filter(a => event.data.items.some(b => a.sku < b.sku && event.data.total > 1)).length',
  ),
  'the event as a whole, to a handler that takes one kind': [
    ['call: { handler: score, input: ', 'call: { handler: whole, input: event }\n    #'],
    [NOTICE, 'when: risk === 7'],
  ],
  'a kind in a list of kinds': amount("['placed', 'cancelled'].includes(event.data.kind) ? 1 : 2"),
  'the value of a step that may not have run, tested': notice(
    "risk !== undefined && risk.level === 'high'",
  ),
  'the same in a callback': notice(
    'risk !== undefined && event.data.items.some(item => risk.reasons.includes(item.sku))',
  ),
  'the same with a value for when it is missing': amount('risk?.reasons.length ?? 0'),
  'tested by a condition of its own': amount('risk ? risk.reasons.length : 0'),
  'the other kind': [
    ...EITHER,
    [WHEN, "when: event.data.kind === 'cancelled' && event.data.reason !== 'late'"],
    [ANNOUNCE, "'{ order_id: event.data.order_id, amount: event.data.reason.length }'"],
  ],
  'a negated test': [[WHEN, "when: event.data.kind !== 'cancelled'"]],
  'no condition of the pipeline, but one of a step': [
    ...EITHER,
    [`${WHEN}\n`, ''],
    [NOTICE, "when: event.data.kind === 'placed' && event.data.total > 5"],
    [
      'customer ${event.id} is',
      'customer ${event.data.customer.id} of ${event.data.items.map(item => event.data.total - item.price)} is',
    ],
    [
      ANNOUNCE,
      '"{ order_id: event.data.order_id, amount: event.data.kind === \'placed\' ? event.data.total : 0 }"',
    ],
  ],
  'a deletion that is delivered, tested': [
    ['from: { topic: orders }', 'from: { topic: changes }'],
    [WHEN, "when: event.data !== null && event.data.kind === 'placed'"],
  ],
  'a deletion that is delivered, asked with a question mark': [
    ['from: { topic: orders }', 'from: { topic: changes }'],
    [WHEN, "when: event.data?.kind === 'placed'"],
  ],
  'an entry of a cache that remembers what is not there': [
    ['in: prices', 'in: ratings'],
    [
      'load: { call: quote, input: event.data }',
      'load: { call: rate, input: event.data.customer.id }',
    ],
    ['when: price.amount > 100', 'when: price !== null && price.stars > 3'],
    [RISK, "'{ amount: price?.stars ?? 1, customer: 1 }'"],
    ['amount: price.amount, currency: price.currency', "amount: 1, currency: 'EUR'"],
    [ANNOUNCE, "'{ order_id: event.data.order_id, amount: price?.stars ?? 0 }'"],
  ],
  'event written in odd ways': key(`[event?.data.items, event
          .data.total, event['data'].note, { event }, event.data?.kind, [1].map(event => event + 1),
          [{ data: 1 }].map(event => event.data + 1)]`),

  // conditions
  'a yes or no that may be missing': notice('event.data.gift'),
  'the same, and more': notice('event.data.gift && price.amount > 1'),
  'a text, and more': notice('event.data.note && price.amount > 1'),
  'a number, and more': notice('event.data.items.length && price.amount > 1'),
  'a question to a text that may be null': notice("event.data.customer.email?.includes('@')"),
  'a condition that is always the same': notice("'true'"),

  // bodies
  'a field that may be missing for one that may': memo('memo: event.data.note'),
  'a field that is not given': memo(''),
  'a field with a value for when it is missing': memo("memo: event.data.note ?? 'none'"),
  'a field that is undefined': memo('memo: price.amount > 3 ? event.data.note : undefined'),
  'a text of the right form': memo("code: 'ABC'"),
  'a time': memo("due: '2030-01-01T00:00:00Z'"),
  'values at their limits': [['amount: price.amount, currency', 'amount: 100000, currency']],
  'a choice between literals': [
    ["urgency: 'low'", "urgency: price.amount > 9 ? 'high' : 'medium'"],
  ],
  'a list with a spread': [
    [
      'lines: event.data.items.map(item => ({ sku: item.sku, quantity: item.quantity }))',
      "lines: [...event.data.items.map(item => ({ sku: item.sku, quantity: 1 })), { sku: 'x', quantity: 1 }]",
    ],
  ],
  'a list that is filtered first': [
    ['lines: event.data.items.map', 'lines: event.data.items.filter(item => item.price > 0).map'],
  ],
  'a value of the right contract': [
    ['event: { to: billed, key: event.key', 'command: { to: totals'],
    [ANNOUNCE, '"{ amount: price.amount, currency: price.currency }"'],
  ],
  'a value that is spread, with its optional field named': [
    ['event: { to: billed, key: event.key', 'command: { to: totals'],
    [
      ANNOUNCE,
      '"price.amount > 1 ? { amount: price.amount, currency: price.currency } : { amount: 1, currency: \'USD\' }"',
    ],
  ],

  // keys
  'a number as the key of an event': [['key: event.key', 'key: event.data.customer.id']],
  'no key': [['key: event.key, ', '']],
  'a key with another one for when it is missing': [
    ['key: event.key', 'key: event.key ?? event.subject ?? event.id'],
  ],
  'a text as a routing key': [
    ['key: "`risk.${event.data.customer.country}`"', 'key: event.data.customer.country'],
  ],
  'null as the key of a cache': key('null'),
  'anything in the key of a cache': key(
    '[event.data.note, event.data.customer.email, event.data.extras]',
  ),

  // what the language can do
  lists: amount('event.data.items.reduce((sum, item) => sum + item.price * item.quantity, 0)'),
  'the largest': amount('Math.max(0, ...event.data.items.map(item => item.price))'),
  'the last': key("event.data.items.at(-1)?.sku ?? ''"),
  'one that is looked for': key('event.data.items.find(item => item.price > 3)?.sku ?? null'),
  sorted: key(
    'event.data.items.toSorted((a, b) => a.price - b.price).map(item => item.sku).join()',
  ),
  'objects by their names': key(
    "[event.data.tags?.['colour'], Object.entries(event.data.tags ?? {}).map(pair => pair[1])]",
  ),
  'objects of which nothing is known': key(
    '[Object.keys(event.data.extras ?? {}).length, event.data.extras?.colour]',
  ),
  conversions: key(
    "[String(event.data.total), Number('7') + 1, Boolean(event.data.note), JSON.stringify(event.data)]",
  ),
  times: amount('Date.parse(event.time)'),
  types: notice("typeof event.data.note === 'string' && event.data.note.length > 3"),
  'a comment': amount('price.amount /* in euros */ // or dollars\n'),
  'an object within brackets': [
    [ANNOUNCE, "'({ order_id: event.data.order_id, amount: price.amount })'"],
  ],
  'a step whose name is that of a type': [['id: notice', 'id: string']],
}
