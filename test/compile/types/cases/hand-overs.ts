// What is handed over and does not fit: bodies, inputs, results, and what is written out in them.
import type { TypeCase } from './case.ts'

const INPUT = 'input: event.data }'
const RISK = "'{ amount: price.amount, customer: event.data.customer.id }'"
const ANNOUNCE = "'{ order_id: event.data.order_id, amount: price.amount }'"

export const BODIES: readonly TypeCase[] = [
  {
    what: 'a field that is missing',
    edits: [[ANNOUNCE, "'«{ order_id: event.data.order_id }»'"]],
    code: 'SLU0332',
    says: ['the body for topic billed lacks "amount"', 'schemas/events/billed.json'],
  },
  {
    what: 'several fields that are missing',
    edits: [[ANNOUNCE, "'«{}»'"]],
    code: 'SLU0332',
    says: ['lacks "order_id", "amount"'],
  },
  {
    what: 'a field that is missing within a list',
    edits: [['({ sku: item.sku, quantity: item.quantity })', '(«{ sku: item.sku }»)']],
    code: 'SLU0332',
    says: ['quantity'],
  },
  {
    what: 'a field too many',
    edits: [[ANNOUNCE, "'{ order_id: event.data.order_id, amount: price.amount, «colour»: 1 }'"]],
    code: 'SLU0333',
    says: ['the body for topic billed has no field "colour"', 'it has: order_id, amount'],
  },
  {
    what: 'a slip in the name of a field',
    edits: [['memo: event.data.note', '«mem»: event.data.note']],
    code: 'SLU0333',
    says: ['the body for queue invoices has no field "mem"', 'did you mean "memo"?'],
  },
  {
    what: 'a slip in the name of a field that is needed',
    edits: [[ANNOUNCE, "'{ order_id: event.data.order_id, «amont»: price.amount }'"]],
    code: 'SLU0333',
    says: ['has no field "amont"', 'did you mean "amount"?'],
  },
  {
    what: 'a field too many for an exchange',
    edits: [['text: `customer', 'texts: 1, text: `customer']].map(([from]) => [
      from as string,
      '«txt»: 1, text: `customer',
    ]),
    code: 'SLU0333',
    says: ['the body for exchange notices has no field "txt"', 'did you mean "text"?'],
  },
  {
    what: 'data of another contract, with a field that its destination refuses',
    edits: [[ANNOUNCE, '«event.data»']],
    code: 'SLU0332',
    says: ['the body for topic billed lacks "amount"'],
  },
  {
    what: 'a value that has all its destination needs, and a field that it refuses',
    edits: [
      ['event: { to: billed, key: event.key', 'command: { to: totals'],
      [ANNOUNCE, '«price»'],
    ],
    code: 'SLU0333',
    says: ['the body for queue totals has no field "discount"', '{ amount, currency }'],
  },
  {
    what: 'a field too many within a list',
    edits: [['quantity: item.quantity }', 'quantity: item.quantity, «price»: item.price }']],
    code: 'SLU0333',
    says: [
      'the body for queue invoices has no field "price" at "lines[]"',
      'it has: sku, quantity',
    ],
  },
  {
    what: 'a number as a body',
    edits: [[ANNOUNCE, '«price.amount»']],
    code: 'SLU0331',
    says: ['the body for topic billed is a number'],
  },
]

export const HANDED_OVER: readonly TypeCase[] = [
  {
    what: 'a field that the handler asks for',
    edits: [[RISK, "'«{ amount: price.amount }»'"]],
    code: 'SLU0337',
    says: ['the input of handler score lacks "customer"', 'workers/handlers/score.ts asks for it'],
  },
  {
    what: 'a field of another type',
    edits: [[RISK, "'{ amount: price.amount, «customer»: event.data.customer.country }'"]],
    code: 'SLU0337',
    says: ['"customer" of the input of handler score is a string, and must be a number'],
  },
  {
    what: 'a field that the handler does not know',
    edits: [[RISK, "'{ amount: price.amount, «custmer»: event.data.customer.id }'"]],
    code: 'SLU0337',
    says: ['custmer', 'did you mean "customer"?'],
  },
  {
    what: 'the wrong data',
    edits: [[INPUT, 'input: «event.data.customer» }']],
    code: 'SLU0337',
    says: ['the input of handler quote lacks "order_id", "items"'],
  },
  {
    what: 'data that may be missing',
    edits: [[RISK, "'{ amount: price.amount, «customer»: event.data.items[0]?.quantity }'"]],
    code: 'SLU0337',
    says: ['is possibly undefined, and must be a number'],
  },
  {
    what: 'a result that does not fit the cache',
    edits: [['call: quote', 'call: «free»']],
    code: 'SLU0338',
    says: [
      'what handler free returns does not fit values/price, which cache prices holds',
      'workers/handlers/free.ts',
    ],
  },
  {
    what: 'a result that may be null, for a cache that remembers no such thing',
    edits: [['call: quote, input: event.data }', 'call: «rate», input: event.data.customer.id }']],
    code: 'SLU0338',
    says: ['what handler rate returns does not fit values/price'],
  },
  {
    what: 'a handler that is no function',
    edits: [
      ['call: { handler: score,', 'call: { handler: «constant»,'],
      ["when: risk?.level === 'high'", 'when: price.amount > 9'],
    ],
    code: 'SLU0342',
    says: ['handler constant is no function', 'workers/handlers/constant.ts'],
  },
]

export const LIMITS: readonly TypeCase[] = [
  {
    what: 'a number below the least',
    edits: [['amount: price.amount, currency', 'amount: «-1», currency']],
    code: 'SLU0340',
    says: ['"amount" must be >= 0, and is -1', 'schemas/commands/invoice.json'],
  },
  {
    what: 'a number above the most',
    edits: [['amount: price.amount, currency', 'amount: «100_001», currency']],
    code: 'SLU0340',
    says: ['"amount" must be <= 100000'],
  },
  {
    what: 'a number that is not whole, within a list',
    edits: [['quantity: item.quantity', 'quantity: «1.5»']],
    code: 'SLU0340',
    says: ['must be integer, and is 1.5'],
  },
  {
    what: 'a number that is not whole',
    edits: [['memo: event.data.note', 'copies: «2.5»']],
    code: 'SLU0340',
    says: ['"copies" must be integer'],
  },
  {
    what: 'a text that is too long, in one branch',
    edits: [
      ['memo: event.data.note', "memo: event.data.note ?? «'a text that is longer than twenty'»"],
    ],
    code: 'SLU0340',
    says: ['"memo" must NOT have more than 20 characters'],
  },
  {
    what: 'a text of another form',
    edits: [['memo: event.data.note', "code: «'abc'»"]],
    code: 'SLU0340',
    says: ['"code" must match pattern'],
  },
  {
    what: 'a time that is none',
    edits: [['memo: event.data.note', 'due: «`tomorrow`»']],
    code: 'SLU0340',
    says: ['"due" must match format "date-time"'],
  },
]
