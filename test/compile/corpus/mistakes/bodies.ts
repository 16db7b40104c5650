// Bodies that do not fit the schema of where they go: fields missing, too many, misspelt, of another type, outside their enum.
import { BILLING, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const bodies = seeded('bodies', {
  [PREDICTIONS]: [
    {
      what: 'a literal outside its enum',
      from: "severity: 'high'",
      to: "severity: 'hihg'",
      hint: /severity.*hihg.*high|hihg.*high/s,
    },
    {
      what: 'a body that lacks a field',
      from: ', message: `score ${prediction.score}`',
      to: '',
      line: '{ event_id: event.id, severity',
      hint: /message/,
    },
    {
      what: 'a field that the schema does not have',
      from: "{ event_id: event.id, severity: 'high'",
      to: "{ event_id: event.id, priority: 1, severity: 'high'",
      hint: 'priority',
    },
    {
      what: 'a misspelt field of a body',
      from: "severity: 'high'",
      to: "severty: 'high'",
      hint: /severty.*severity/s,
    },
    {
      what: 'a text where a number is wanted',
      from: 'score: prediction.score, message',
      to: 'score: `${prediction.score}`, message',
      hint: /score.*number/s,
    },
    {
      what: 'a body for another destination',
      from: 'to: prediction_results',
      to: 'to: return_decisions',
      line: "body: '{ event_id: event.id, model_id",
      hint: /event_id|return_id/,
    },
    {
      what: 'a quoted body that lacks a field',
      from: ", model_id: event.data.model_id, score: prediction.score }'",
      to: ", model_id: event.data.model_id }'",
      hint: 'score',
    },
  ],
  [BILLING]: [
    {
      what: 'an item of a list that lacks a field',
      from: '({ sku: line.sku, quantity: line.quantity })',
      to: '({ sku: line.sku })',
      hint: 'quantity',
    },
    {
      what: 'an item of a list with a field too many',
      from: '({ sku: line.sku, quantity: line.quantity })',
      to: '({ sku: line.sku, quantity: line.quantity, price: line.unit_price })',
      hint: 'price',
    },
    {
      what: 'the items as they came: they have more fields than the invoice takes',
      from: 'lines: event.data.lines.map(line => ({ sku: line.sku, quantity: line.quantity })),',
      to: 'lines: event.data.lines,',
      hint: /unit_price|discount/,
    },
    {
      what: 'a misspelt literal in a ternary',
      from: "? 'net_60' : 'prepaid'",
      to: "? 'net60' : 'prepaid'",
      hint: /net60.*net_60/s,
    },
    {
      what: 'a text sent as an enum',
      from: 'currency: event.data.currency,\n          net',
      to: 'currency: event.data.customer.country,\n          net',
      line: 'currency: event.data.customer.country',
      hint: /currency.*EUR/s,
    },
    {
      what: 'a number sent as a text',
      from: 'order_id: event.data.order_id,\n          customer_id',
      to: 'order_id: event.data.lines.length,\n          customer_id',
      line: 'order_id: event.data.lines.length',
      hint: /order_id.*(string|text)/s,
    },
    {
      what: 'a decimal where a whole number is wanted',
      from: 'positions: event.data.lines.length,',
      to: 'positions: 1.5,',
      hint: /positions.*(whole|integer)/s,
    },
    {
      what: 'a list where a text is wanted',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.lines.map(line => line.sku),',
      hint: /memo.*(string|text)/s,
    },
    {
      what: 'a body that is no object',
      from: "body: >-\n        { subject: event.data.order_id, action: 'review', level: 'warning', at: event.time,\n          detail: `${event.data.lines.length} lines for ${customer.name}` }",
      to: 'body: event.data.order_id',
      hint: /body|subject|AuditEntry/,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a way of sending that does not exist',
      from: "channel: 'sms'",
      to: "channel: 'text'",
      hint: /channel.*(email|sms|push)/s,
    },
    {
      what: 'a text for a flag',
      from: 'urgent: false }',
      to: "urgent: 'no' }",
      hint: /urgent.*(boolean|true or false)/s,
    },
    {
      what: 'null for a required text',
      from: 'text: text.body,\n          urgent: false',
      to: 'text: null,\n          urgent: false',
      hint: /text.*null|null.*text/s,
    },
    {
      what: 'a whole result where one of its fields is meant',
      from: 'text: text.body,\n          urgent: false',
      to: 'text: text,\n          urgent: false',
      hint: /text.*(string|text)/s,
    },
    {
      what: 'a literal outside its enum, in a quoted body',
      from: "level: 'info'",
      to: "level: 'notice'",
      hint: /level.*(info|warning|critical)/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a field forgotten in a large body',
      from: '          service: event.data.service,\n          team',
      to: '          team',
      line: '{ name: event.data.name,',
      hint: 'service',
    },
    {
      what: 'a map whose entries have the wrong type',
      from: "region: event.data.labels?.region ?? 'eu' }",
      to: 'region: 49 }',
      hint: /region.*(string|text)|(string|text).*number/s,
    },
    {
      what: 'a spread that brings fields too many',
      from: '{ name: event.data.name,\n          service',
      to: '{ ...event.data, name: event.data.name,\n          service',
      line: '{ ...event.data, name',
      hint: /buckets|sum|count/,
    },
    {
      what: 'one of two literals outside the enum',
      from: "'critical' : 'medium'",
      to: "'critical' : 'moderate'",
      hint: /moderate|medium/,
    },
  ],
  [RETURNS]: [
    {
      what: 'one of two decisions that does not exist',
      from: "? 'accepted' : 'manual'",
      to: "? 'accept' : 'manual'",
      hint: /accept.*accepted/s,
    },
    {
      what: 'a field of the event sent under its old name',
      from: 'pieces: event.data.items.reduce',
      to: 'count: event.data.items.reduce',
      hint: /count.*pieces|pieces.*count/s,
    },
    {
      what: 'a method of paying that does not exist',
      from: "'voucher' : 'original'",
      to: "'voucher' : 'card'",
      hint: /card.*(original|voucher)/s,
    },
    {
      what: 'an object sent where its discriminator is wanted',
      from: 'resolution: event.data.resolution.type }',
      to: 'resolution: event.data.resolution }',
      hint: /resolution.*(refund|exchange)/s,
    },
  ],
})
