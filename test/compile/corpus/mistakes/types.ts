// Values of the wrong type: arithmetic on texts, comparisons that cannot hold, methods of another type, keys that are no texts.
import { BILLING, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const types = seeded('types', {
  [BILLING]: [
    {
      what: 'a product with a text',
      from: 'net: line.quantity * line.unit_price',
      to: 'net: line.sku * line.unit_price',
      hint: /number.*line\.sku.*text/s,
    },
    {
      what: 'a number compared with a text',
      from: "event.data.currency !== 'EUR'",
      to: 'event.data.currency !== 978',
      hint: /currency.*978/s,
    },
    {
      what: 'a text compared with a number by size',
      from: 'tax.gross > 10000',
      to: "tax.gross > '10000'",
      hint: /(number|string|text).*10000|10000.*(number|string|text)/s,
    },
    {
      what: 'a misspelt literal of an enum in a condition',
      from: "customer.tier === 'platinum' ?",
      to: "customer.tier === 'platin' ?",
      hint: /platin.*'?platinum/s,
    },
    {
      what: 'a method that texts do not have',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.note?.toUppercase(),',
      hint: 'toUpperCase',
    },
    {
      what: 'a method of texts called on a list',
      from: 'positions: event.data.lines.length,',
      to: 'positions: event.data.lines.trim().length,',
      hint: /trim/,
    },
    {
      what: 'a comparison of a list with a number',
      from: 'positions: event.data.lines.length,',
      to: 'positions: event.data.lines > 3 ? 3 : 1,',
      hint: /lines.*(length|number|OrderLine)/s,
    },
    {
      what: 'a length without .length',
      from: 'positions: event.data.lines.length,',
      to: 'positions: event.data.lines,',
      hint: /positions.*number/s,
    },
    {
      what: 'a minus between texts',
      from: 'detail: `${event.data.lines.length} lines for ${customer.name}`',
      to: "detail: customer.name - 'x'",
      hint: /customer\.name.*(number|string|text)/s,
    },
  ],
  [PREDICTIONS]: [
    {
      what: 'a list method on an object',
      from: 'message: `score ${prediction.score}`',
      to: "message: event.data.features.join(', ')",
      line: 'event.data.features.join',
      hint: /join/,
    },
    {
      what: 'a whole number compared with a text',
      from: 'when: prediction.score > 0.9',
      to: "when: prediction.score > 0.9 && event.data.features.user_id === 'admin'",
      hint: /user_id.*admin/s,
    },
    {
      what: 'an object as the key of an event',
      from: 'key: event.key\n',
      to: 'key: event.data.features\n',
      hint: /key.*(text|string)/s,
    },
    {
      what: 'a condition that is a number',
      from: 'when: prediction.score > 0.9',
      to: 'when: prediction.score',
      hint: /condition.*number/s,
    },
    {
      what: 'a condition that is a text',
      from: "when: event.data.event_type === 'prediction_request'",
      to: 'when: event.data.event_type',
      hint: /condition.*prediction_request/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a method of numbers called on a text',
      from: 'team: owner?.team',
      to: 'team: owner?.team.toFixed(2)',
      hint: /toFixed/,
    },
    {
      what: 'Math on a text',
      from: 'Math.min(event.data.value, 1)',
      to: 'Math.min(event.data.name, 1)',
      hint: /(string|text).*number/s,
    },
    {
      what: 'true compared with a text',
      from: "owner.pager ? 'critical'",
      to: "owner.pager === 'yes' ? 'critical'",
      hint: /pager.*yes/s,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a routing key that is true or false',
      from: "'`email.${event.data.language}`'",
      to: 'text.urgent',
      hint: /key.*(text|string)/s,
    },
    {
      what: 'a place of a text asked with a text',
      from: 'text.body.slice(0, 160)',
      to: "text.body.slice(0, '160')",
      hint: /slice.*number|number/s,
    },
    {
      what: 'a condition in a callback that compares with no value of the enum',
      from: "event.data.change !== 'imported'",
      to: "event.data.change !== 'import'",
      hint: /import.*imported/s,
    },
  ],
  [RETURNS]: [
    {
      what: 'a sum that starts as a text',
      from: 'sum + item.quantity, 0)',
      to: "sum + item.quantity, '')",
      hint: /pieces.*(number|string|text)|(string|text).*number/s,
    },
    {
      what: 'a misspelt enum literal in a filter',
      from: "item.reason !== 'wrong_item'",
      to: "item.reason !== 'wrong-item'",
      hint: /wrong-item.*wrong_item/s,
    },
    {
      what: 'join with no list',
      from: "risk.reasons.join('; ')",
      to: "risk.score.join('; ')",
      hint: /join/,
    },
    {
      what: 'a list compared with nothing in it',
      from: 'event.data.items.length > 3',
      to: 'event.data.items > 3',
      hint: /items.*(length|number|ReturnedItem)/s,
    },
    {
      what: 'one too many arguments',
      from: "risk.reasons.join('; ')",
      to: "risk.reasons.join('; ', 2)",
      hint: /argument/,
    },
  ],
})
