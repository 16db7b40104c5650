// Stores: values that are not declared as they should be, and steps that write what does not fit.
import { BILLING, FLEET, seeded } from '../corpus.ts'

const FROM = '  - id: issued\n'
const VALUE =
  '{ order_id: event.data.order_id, customer_id: customer.customer_id, issued_at: event.time, gross: tax.gross, positions: event.data.lines.length }'
const store = (name: string, key: string, value = VALUE) =>
  `  - id: remember\n    store:\n      in: ${name}\n      key: ${key}\n      value: "${value}"\n${FROM}`
const DECLARED = 'invoices_by_order: { in: hot, ttl: 30d, schema: events/invoice-issued }'
const KEY = 'event.data.order_id'

export const stores = seeded('stores', {
  [BILLING]: [
    {
      what: 'a misspelt store',
      from: FROM,
      to: store('invoice_by_order', KEY),
      line: 'in: invoice_by_order',
      hint: /invoices_by_order/,
    },
    {
      what: 'a cache where a store is meant',
      from: FROM,
      to: store('customers', KEY),
      line: 'in: customers\n      key: event.data.order_id',
      hint: /a cache/,
    },
    {
      what: 'a misspelt field in a stored value',
      from: FROM,
      to: store('invoices_by_order', KEY, VALUE.replace('gross:', 'gros:')),
      line: 'gros:',
      hint: /gros.*gross/s,
    },
    {
      what: 'a field that a stored value lacks',
      from: FROM,
      to: store(
        'invoices_by_order',
        KEY,
        VALUE.replace(', positions: event.data.lines.length', ''),
      ),
      line: 'value: "{ order_id',
      hint: /positions/,
    },
    {
      what: 'a text where a stored value has a number',
      from: FROM,
      to: store('invoices_by_order', KEY, VALUE.replace('tax.gross', "'much'")),
      line: "gross: 'much'",
      hint: /gross.*number/s,
    },
    {
      what: 'a key of a stored value that may be missing',
      from: FROM,
      to: store('invoices_by_order', 'event.data.note'),
      line: 'key: event.data.note',
      hint: /key of a stored value|\?\?/,
    },
    {
      what: 'a key of a stored value that is a list',
      from: FROM,
      to: store('invoices_by_order', 'event.data.lines'),
      line: 'key: event.data.lines',
      hint: /string or a number/,
    },
    {
      what: 'a version of a stored value that is a time',
      from: FROM,
      to: store('invoices_by_order', KEY).replace(
        '      value:',
        '      version: event.data.occurred_at\n      value:',
      ),
      line: 'version: event.data.occurred_at',
      hint: /version.*number/s,
    },
    {
      what: 'a version of a stored value that may be missing',
      from: FROM,
      to: store('invoices_by_order', KEY).replace(
        '      value:',
        '      version: event.data.note?.length\n      value:',
      ),
      line: 'version: event.data.note',
      hint: /number|missing/,
    },
    {
      what: 'a stored value that later steps name',
      from: FROM,
      to: `${store('invoices_by_order', KEY)}    when: remember.gross > 1\n`,
      line: 'when: remember',
      hint: /store step has no value/,
    },
    {
      what: 'a store step with the field of other steps',
      from: FROM,
      to: store('invoices_by_order', KEY).replace('      value:', '      body:'),
      line: 'body: "{ order_id',
      hint: /value/,
    },
  ],
  [FLEET]: [
    {
      what: 'a store on Kafka',
      from: DECLARED,
      to: DECLARED.replace('in: hot', 'in: events'),
      hint: /redis.*hot/s,
    },
    {
      what: 'a store without a time to live',
      from: DECLARED,
      to: DECLARED.replace(' ttl: 30d,', ''),
      hint: /ttl/,
    },
    {
      what: 'a store of no kind',
      from: DECLARED,
      to: DECLARED.replace('ttl:', 'as: list, ttl:'),
      hint: /string.*hash/s,
    },
    {
      what: 'a store with a misspelt schema',
      from: DECLARED,
      to: DECLARED.replace('invoice-issued', 'invoice-isued'),
      hint: /invoice-issued/,
    },
    {
      what: 'a store named like a topic',
      from: DECLARED,
      to: DECLARED.replace('invoices_by_order', 'invoices'),
      hint: /topic "invoices".*another/s,
    },
  ],
})
