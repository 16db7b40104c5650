// Hand-overs between cache, handler, topic and queue that do not fit together, and faults in the handlers themselves.
import { BILLING, FLEET, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const handOvers = seeded('hand-overs', {
  [PREDICTIONS]: [
    {
      what: 'the whole event given to a handler that takes its data',
      from: 'input: event.data }',
      to: 'input: event }',
      hint: /predict.*(model_id|features|event\.data)/s,
    },
    {
      what: 'a part of the data given to a handler that needs more',
      from: 'input: event.data }',
      to: 'input: event.data.features }',
      hint: /predict.*(model_id|features)/s,
    },
    {
      what: 'a cache of other values than the handler returns',
      from: 'in: predictions\n',
      to: 'in: rates\n',
      line: 'load: { call: predict',
      hint: /predict.*(rates|exchange-rate|from)/s,
    },
  ],
  [BILLING]: [
    {
      what: 'a handler of other values than the cache holds',
      from: 'call: find-customer',
      to: 'call: tax',
      hint: /tax/,
    },
    {
      what: 'an input that lacks a field',
      from: 'exempt: customer.vat_id !== undefined,\n',
      to: '',
      line: '{ country: event.data.customer.country',
      hint: /tax.*exempt|exempt.*tax/s,
    },
    {
      what: 'an input with a misspelt field',
      from: '{ country: event.data.customer.country,\n',
      to: '{ contry: event.data.customer.country,\n',
      hint: /contry.*country/s,
    },
    {
      what: 'an input with a field of the wrong type',
      from: 'exempt: customer.vat_id !== undefined',
      to: 'exempt: customer.vat_id',
      hint: /exempt.*(boolean|true or false)/s,
    },
    {
      what: 'items of an input without a field that the handler needs',
      from: '            net: line.quantity * line.unit_price * (1 - (line.discount ?? 0)),\n',
      to: '',
      line: 'lines: event.data.lines.map(line => ({\n            sku: line.sku,\n',
      hint: 'net',
    },
    {
      what: 'a currency the bank does not know',
      from: 'to: "EUR" }\'',
      to: 'too: "EUR" }\'',
      hint: /too.*to/s,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'an input of a handler with a language it does not speak',
      from: 'language: event.data.language, change: event.data.change',
      to: "language: 'es', change: event.data.change",
      hint: /es.*(en|de|fr)/s,
    },
    {
      what: 'a number for the name',
      from: "input: '{ name: event.data.name,",
      to: "input: '{ name: event.data.addresses.length,",
      hint: /name.*(string|text)/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a text where the handler takes an object',
      from: "input: '{ service: event.data.service }' }",
      to: 'input: event.data.service }',
      hint: /service-owner.*ServiceOwnerInput/s,
    },
  ],
  [RETURNS]: [
    {
      what: 'the input of a handler by position instead of by name',
      from: "input: '{ id: event.data.customer_id }'",
      to: 'input: event.data.customer_id',
      hint: /find-customer.*FindCustomerInput/s,
    },
    {
      what: 'another name than the handler’s',
      from: "input: '{ id: event.data.customer_id }'",
      to: "input: '{ customer_id: event.data.customer_id }'",
      hint: /customer_id.*'?id'?/s,
    },
    {
      what: 'a count for a list',
      from: "items: event.data.items.filter(item => item.reason !== 'wrong_item'),",
      to: "items: event.data.items.filter(item => item.reason !== 'wrong_item').length,",
      hint: /items.*number|number.*ReturnedItem/s,
    },
  ],
  [FLEET]: [
    {
      what: 'null no longer remembered, though the handler returns it',
      from: '    whenDown: bypass\n    absent: { ttl: 5m }\n',
      to: '    whenDown: bypass\n',
      line: 'load: { call: service-owner',
      at: METRICS,
      hint: /null/,
    },
    {
      what: 'another schema for a cache',
      from: 'schema: values/exchange-rate,',
      to: 'schema: values/prediction,',
      line: 'call: exchange-rate',
      at: BILLING,
      hint: /exchange-rate/,
    },
    {
      what: 'another schema for the topic that a pipeline reads',
      from: 'schema: events/return }',
      to: 'schema: events/return-decided }',
      line: 'key: event.data.customer_id',
      at: RETURNS,
      hint: /customer_id/,
    },
  ],
  'workers/handlers/predict.ts': [
    {
      what: 'a handler that misspells a field of its input',
      from: 'features.product_id',
      to: 'features.prodct_id',
      hint: /prodct_id.*product_id/s,
    },
    {
      what: 'a handler that returns less than the cache holds',
      from: '  model_id,\n  score',
      to: '  score',
      line: 'const predict',
      hint: /model_id/,
    },
    {
      what: 'a handler that is not exported',
      from: 'export default predict',
      to: 'export { predict }',
      line: 'call: predict',
      at: PREDICTIONS,
      hint: /predict.*default/s,
    },
  ],
  'workers/handlers/service-owner.ts': [
    {
      what: 'a handler that returns a text for a flag',
      from: 'pager: true',
      to: "pager: 'yes'",
      line: 'service.startsWith',
      hint: /boolean/,
    },
  ],
  'workers/handlers/tax.ts': [
    {
      what: 'a handler that forgets a field it promised',
      from: 'gross: net * (1 + share), share }',
      to: 'gross: net * (1 + share) }',
      line: 'const tax: Tax<Taxed>',
      hint: /share/,
    },
  ],
  'workers/handlers/find-customer.ts': [
    {
      what: 'a handler that uses a field only some callers give',
      from: "const tier = id.endsWith('9')",
      to: "const tier = country === 'DE'",
      hint: /country/,
    },
  ],
})
