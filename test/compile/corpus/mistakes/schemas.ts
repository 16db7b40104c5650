// Faults in the schemas, and schemas that the pipelines no longer fit.
import { RETURNS, seeded } from '../corpus.ts'

export const schemas = seeded('schemas', {
  'schemas/commands/refund.json': [
    { what: 'a keyword misspelt', from: '"required": [', to: '"requierd": [', hint: /requierd/ },
    {
      what: 'a type that does not exist',
      from: '"title": "RefundOrder"',
      to: '"title": "RefundOrder", "minProperties": "many"',
      hint: /minProperties/,
    },
    {
      what: 'a comma too many',
      from: '"additionalProperties": false',
      to: '"additionalProperties": false,',
      hint: /JSON|comma|token/i,
    },
    {
      what: 'a field that became required',
      from: '"required": [',
      to: '"required": [\n    "currency_code",',
      line: '{ return_id: event.data.return_id,\n          order_id: event.data.order_id,\n          amount',
      at: RETURNS,
      hint: /currency_code/,
    },
    {
      what: 'a field that got another name',
      from: '"comment": {',
      to: '"remark": {',
      also: [{ file: 'schemas/commands/refund.json', from: '"comment"]', to: '"remark"]' }],
      line: 'comment: event.data.comment',
      at: RETURNS,
      hint: /comment|remark/,
    },
    {
      what: 'an enum that lost a value',
      from: '"original", "voucher"',
      to: '"original"',
      line: 'method: customer.tier',
      at: RETURNS,
      hint: /voucher/,
    },
  ],
  'schemas/events/return.json': [
    {
      what: 'a reference to nothing',
      from: '"$ref": "#/$defs/ReturnedItem"',
      to: '"$ref": "#/$defs/ReturnItem"',
      hint: /ReturnItem/,
    },
    {
      what: 'a reference to the web',
      from: '"$ref": "#/$defs/ReturnedItem"',
      to: '"$ref": "https://example.com/item.json"',
      hint: /example\.com/,
    },
    {
      what: 'a field of the event that got another name',
      from: '"comment": {',
      to: '"comments": {',
      also: [
        {
          file: 'schemas/events/return.json',
          from: '    "comment"\n  ]',
          to: '    "comments"\n  ]',
        },
      ],
      line: 'comment: event.data.comment',
      at: RETURNS,
      hint: /comment/,
    },
  ],
  'schemas/commands/audit-entry.json': [
    {
      what: 'a pattern that can take for ever',
      from: '"^[a-z_]+$"',
      to: '"^([a-z_]+)+$"',
      hint: /pattern|exponential|time/,
    },
    {
      what: 'a pattern that is none',
      from: '"^[a-z_]+$"',
      to: '"^[a-z_+$"',
      hint: /pattern|regular expression/,
    },
  ],
  'schemas/values/service-owner.json': [
    {
      what: 'a format that does not exist',
      from: '"pager": {\n      "type": "boolean"',
      to: '"pager": {\n      "type": "string", "format": "flag"',
      line: '"format": "flag"',
      hint: /flag/,
    },
  ],
})
