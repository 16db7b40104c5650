// Values that are not there, or not of the type that is needed.
import type { TypeCase } from './case.ts'

const KEY = "'[event.data.customer.id, event.data.items]'"
const INPUT = 'input: event.data }'
const RISK = "'{ amount: price.amount, customer: event.data.customer.id }'"
const ANNOUNCE = "'{ order_id: event.data.order_id, amount: price.amount }'"
const WHEN = "when: event.data.kind === 'placed'"

export const PROPERTIES: readonly TypeCase[] = [
  {
    what: 'a slip in a field of the event',
    edits: [[KEY, "'[event.data.customer.id, event.data.«itms»]'"]],
    code: 'SLU0330',
    says: ['"itms" does not exist on the data of orders', 'did you mean "items"?'],
  },
  {
    what: 'a slip further down',
    edits: [['event.data.customer.country', 'event.data.customer.«contry»']],
    code: 'SLU0330',
    says: [
      '"contry" does not exist on "customer" in the data of orders',
      'did you mean "country"?',
    ],
  },
  {
    what: 'a field that is nowhere near',
    edits: [[KEY, 'event.data.customer.«phone_number»']],
    code: 'SLU0330',
    says: ['it has: id, country, email'],
  },
  {
    what: 'a slip in the value of a cache',
    edits: [['when: price.amount > 100', 'when: price.«amout» > 100']],
    code: 'SLU0330',
    says: ['"amout" does not exist on the value of price', 'did you mean "amount"?'],
  },
  {
    what: 'a slip in the value of a handler',
    edits: [["risk?.level === 'high'", "risk?.«levle» === 'high'"]],
    code: 'SLU0330',
    says: ['levle', 'did you mean "level"?'],
  },
  {
    what: 'a slip within a list',
    edits: [['sku: item.sku', 'sku: item.«skuu»']],
    code: 'SLU0330',
    says: ['"skuu" does not exist', 'did you mean "sku"?'],
  },
  {
    what: 'a slip in the condition of the pipeline',
    edits: [[WHEN, "when: event.data.«knd» === 'placed'"]],
    code: 'SLU0330',
    says: ['"knd" does not exist on the data of orders', 'did you mean "kind"?'],
  },
  {
    what: 'a field of one kind of event where it may be another',
    edits: [
      [WHEN, "when: event.data.order_id !== ''"],
      [RISK, "'{ amount: price.amount, customer: 1 }'"],
      [KEY, 'event.data.order_id'],
      [INPUT, 'input: "{ order_id: event.data.order_id, items: [] }" }'],
      [
        'lines: event.data.items.map(item => ({ sku: item.sku, quantity: item.quantity })),',
        'lines: [],',
      ],
      ['memo: event.data.note', 'memo: event.data.«note»'],
      ['event.data.customer.country', 'event.id'],
      ['event.data.customer.id} is', 'event.id} is'],
    ],
    code: 'SLU0330',
    says: ["test event.data.kind === 'placed' first"],
  },
  {
    what: 'fields of one kind of event, everywhere, because nobody tested the kind',
    edits: [
      [WHEN, "when: event.type === 'placed'"],
      [KEY, "'[event.data.«customer».id, event.data.items]'"],
    ],
    code: 'SLU0330',
    says: ["test event.data.kind === 'placed' first"],
  },
  {
    what: 'a field of the other kind of event',
    edits: [[KEY, 'event.data.«reason»']],
    code: 'SLU0330',
    says: ["test event.data.kind === 'cancelled' first"],
  },
  {
    what: 'a method of texts on a number',
    edits: [[KEY, 'event.data.total.«toLowerCase»()']],
    code: 'SLU0330',
    says: ['"total" in the data of orders, which is a number', 'no such field or method'],
  },
  {
    what: 'a method that texts do not have',
    edits: [[KEY, 'event.data.order_id.«map»(x => x)']],
    code: 'SLU0330',
    says: ['"map" does not exist on "order_id" in the data of orders'],
  },
]

export const VALUES: readonly TypeCase[] = [
  {
    what: 'a text where a number is needed',
    edits: [[ANNOUNCE, "'{ order_id: event.data.order_id, «amount»: event.data.order_id }'"]],
    code: 'SLU0331',
    says: ['"amount" of the body for topic billed is a string, and must be a number', 'Number(…)'],
  },
  {
    what: 'a number in quotes',
    edits: [['amount: price.amount, currency', "«amount»: '12', currency"]],
    code: 'SLU0331',
    says: ['"amount" of the body for queue invoices is', 'and must be a number', 'without quotes'],
  },
  {
    what: 'a literal outside of its enum',
    edits: [["urgency: 'low'", "«urgency»: 'lo'"]],
    code: 'SLU0331',
    says: ['one of high, low, medium', 'did you mean "low"?'],
  },
  {
    what: 'a literal outside of its enum in one branch',
    edits: [["urgency: 'low'", "«urgency»: price.amount > 9 ? 'hgih' : 'low'"]],
    code: 'SLU0331',
    says: ['did you mean "high"?'],
  },
  {
    what: 'any text where only some are allowed',
    edits: [["urgency: 'low'", '«urgency»: event.data.order_id']],
    code: 'SLU0331',
    says: ['is a string', 'one of high, low, medium'],
  },
  {
    what: 'a number within a list',
    edits: [['quantity: item.quantity', '«quantity»: item.sku']],
    code: 'SLU0331',
    says: ['quantity', 'is a string, and must be a number'],
  },
  {
    what: 'a list where one is needed',
    edits: [
      [
        'order_id: event.data.order_id, amount: price.amount, currency',
        '«order_id»: event.data.items, amount: price.amount, currency',
      ],
    ],
    code: 'SLU0331',
    says: ['"order_id" of the body for queue invoices is a list', 'must be a string'],
  },
  {
    what: 'a text times a number',
    edits: [[ANNOUNCE, "'{ order_id: event.data.order_id, amount: «event.data.order_id» * 2 }'"]],
    code: 'SLU0331',
    says: ['numbers on both sides', 'Number(…)'],
  },
  {
    what: 'a number added to a list',
    edits: [['when: price.amount > 100', 'when: «price.amount > event.data.items»']],
    code: 'SLU0331',
    says: ['cannot be put together'],
  },
  {
    what: 'an object as the key of an event',
    edits: [['key: event.key,', 'key: «event.data.customer»,']],
    code: 'SLU0331',
    says: ['a key is a string, a number, a boolean or null'],
  },
  {
    what: 'a number as a routing key',
    edits: [['key: "`risk.${event.data.customer.country}`"', 'key: «event.data.customer.id»']],
    code: 'SLU0331',
    says: ['a routing key is a string, not a number', 'String(…)'],
  },
  {
    what: 'a routing key that may be missing',
    edits: [['key: "`risk.${event.data.customer.country}`"', 'key: «event.data.note»']],
    code: 'SLU0331',
    says: ['a routing key is a string'],
  },
  {
    what: 'something that no schema describes',
    edits: [[KEY, '«event.data.extras?.colour».shade']],
    code: 'SLU0331',
    says: ['nothing is known about "event.data.extras?.colour"', 'its schema says nothing'],
  },
  {
    what: 'a wrong argument of a method',
    edits: [[KEY, 'event.data.order_id.startsWith(«7»)']],
    code: 'SLU0331',
    says: ['7', 'a string'],
  },
]

export const MISSING: readonly TypeCase[] = [
  {
    what: 'the value of a step that may not have run',
    edits: [["when: risk?.level === 'high'", "when: «risk».level === 'high'"]],
    code: 'SLU0334',
    says: ['"risk" is possibly undefined', 'step "risk" has a `when`'],
  },
  {
    what: 'a field that may be missing',
    edits: [[KEY, '«event.data.note».length']],
    code: 'SLU0334',
    says: ['"event.data.note" is possibly undefined'],
  },
  {
    what: 'a field that may be null',
    edits: [[KEY, '«event.data.customer.email».length']],
    code: 'SLU0334',
    says: ['"event.data.customer.email" is possibly null'],
  },
  {
    what: 'one of a list that may be empty',
    edits: [[KEY, '«event.data.items[0]».sku']],
    code: 'SLU0334',
    says: ['event.data.items[0]', 'possibly undefined'],
  },
  {
    what: 'a field that may be missing, in a body that needs it',
    edits: [[ANNOUNCE, "'{ «order_id»: event.data.note, amount: price.amount }'"]],
    code: 'SLU0334',
    says: ['"order_id" of the body for topic billed is possibly undefined', 'must be a string'],
  },
  {
    what: 'the whole of a step that may not have run, in a body',
    edits: [[ANNOUNCE, "'{ order_id: event.data.order_id, «amount»: risk?.reasons.length }'"]],
    code: 'SLU0334',
    says: ['"amount" of the body for topic billed is possibly undefined'],
  },
  {
    what: 'a choice with nothing on one side',
    edits: [[ANNOUNCE, "'{ order_id: event.id, «amount»: price.amount > 1 ? 1 : undefined }'"]],
    code: 'SLU0334',
    says: ['possibly undefined', 'give it a value for when it is missing'],
  },
  {
    what: 'the key of a cache that may be missing',
    edits: [[KEY, '«event.data.note»']],
    code: 'SLU0334',
    says: ['the key of the cache is possibly undefined'],
  },
  {
    what: 'a deletion that is delivered',
    edits: [
      ['from: { topic: orders }', 'from: { topic: changes }'],
      [WHEN, "when: «event.data».kind === 'placed'"],
    ],
    code: 'SLU0334',
    says: ['"event.data" is possibly null'],
  },
  {
    what: 'an entry of a cache that remembers what is not there',
    edits: [
      ['in: prices', 'in: ratings'],
      [
        'load: { call: quote, input: event.data }',
        'load: { call: rate, input: event.data.customer.id }',
      ],
      ['when: price.amount > 100', 'when: «price».stars > 3'],
      [RISK, "'{ amount: 1, customer: 1 }'"],
      ['amount: price.amount, currency: price.currency', "amount: 1, currency: 'EUR'"],
      [ANNOUNCE, "'{ order_id: event.data.order_id, amount: 1 }'"],
    ],
    code: 'SLU0334',
    says: ['"price" is possibly null'],
  },
]

export const CONDITIONS: readonly TypeCase[] = [
  {
    what: 'a number as a condition',
    edits: [['when: price.amount > 100', 'when: «price.amount»']],
    code: 'SLU0335',
    says: ['a condition is true or false; this is a number', '> 0'],
  },
  {
    what: 'a text as the condition of the pipeline',
    edits: [[WHEN, 'when: «event.data.kind»']],
    code: 'SLU0335',
    says: ['a condition is true or false'],
  },
  {
    what: 'the value of a step as a condition',
    edits: [["when: risk?.level === 'high'", 'when: «risk»']],
    code: 'SLU0335',
    says: ['… !== undefined'],
  },
  {
    what: 'a kind of event that there is not',
    edits: [[WHEN, "when: «event.data.kind === 'placd'»"]],
    code: 'SLU0336',
    says: ['event.data.kind is never "placd"', 'did you mean "placed"?'],
  },
  {
    what: 'a value that the handler never gives',
    edits: [["risk?.level === 'high'", "«risk?.level === 'hihg'»"]],
    code: 'SLU0336',
    says: ['did you mean "high"?'],
  },
  {
    what: 'a number compared with a text',
    edits: [['when: price.amount > 100', "when: «price.amount === '100'»"]],
    code: 'SLU0336',
    says: ['never'],
  },
  {
    what: 'two kinds of event at once',
    edits: [["when: risk?.level === 'high'", "when: «event.data.kind === 'cancelled'»"]],
    code: 'SLU0336',
    says: ['event.data.kind is never "cancelled"'],
  },
]

export const OTHERS: readonly TypeCase[] = [
  {
    what: 'a method called with too much',
    edits: [[KEY, "event.data.order_id.trim(«'x'»)"]],
    code: 'SLU0341',
    says: ['Expected 0 arguments'],
  },
]

/** The same mistake in each way to write a text in YAML. */
export const PLACES: readonly TypeCase[] = [
  ['plain', 'event.data.«itms»'],
  ['plain, over lines', 'event.data\n        .«itms»'],
  ['single quotes', "'event.data[''order_id''] + event.data.«itms»'"],
  ['double quotes', '"\\"\\u00e9\\" + event.data.«itms»"'],
  ['double quotes, over lines', '"event.id +\n        event.data.«itms»"'],
  ['literal', '|\n        [event.id,\n\n          event.data.«itms»]'],
  ['literal with its indentation written', '|2-\n          event.data.«itms»'],
  ['folded', '>-\n        [event.id,\n        event.data.«itms»]'],
  [
    'folded, more indented, with an empty line',
    '>\n        [event.id,\n\n          event.data.«itms»,\n        1]',
  ],
  [
    'with a comment of the expression',
    '|\n        event.id + // the id\n        event.data.«itms»',
  ],
  ['in a template behind an emoji', "'`😀 ${event.data.«itms»}`'"],
  ['in a callback', "'event.data.items.map(item => [item.sku, event.data.«itms»])'"],
].map(([what, key]) => ({
  what: `${what}: the place`,
  edits: [[KEY, key as string]],
  code: 'SLU0330',
  says: ['did you mean "items"?'],
}))
