// What expressions cannot be: broken, statements, or code that leaves the data.
import { BILLING, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const expressions = seeded('expressions', {
  [PREDICTIONS]: [
    {
      what: 'one equals sign',
      from: "event.data.event_type === 'prediction_request'",
      to: "event.data.event_type = 'prediction_request'",
      hint: /===/,
    },
    {
      what: 'a comparison as in SQL',
      from: 'when: prediction.score > 0.9',
      to: 'when: prediction.score > 0.9 AND event.data.features.user_id > 0',
      hint: /AND|&&/,
    },
    {
      what: 'a bracket that never closes',
      from: "key: '[event.data.model_id, event.data.features]'",
      to: "key: '[event.data.model_id, event.data.features'",
      hint: /\]|bracket|end|,/,
    },
    {
      what: 'a comma forgotten in a block scalar',
      from: "severity: 'high', model_id",
      to: "severity: 'high' model_id",
      hint: /model_id|,/,
    },
    {
      what: 'a body without braces',
      from: "body: '{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }'",
      to: "body: 'event_id: event.id, model_id: event.data.model_id, score: prediction.score'",
      hint: /:|\{/,
    },
  ],
  [BILLING]: [
    {
      what: 'a list sorted in place, of the event itself',
      from: "when: event.data.event_type === 'order_placed'",
      to: 'when: event.data.lines.sort((a, b) => a.quantity - b.quantity).length > 0',
      hint: /toSorted/,
    },
    {
      what: 'a pattern tested',
      from: "when: event.data.event_type === 'order_placed'",
      to: 'when: event.data.order_id.match("B-") !== null',
      hint: /includes/,
    },
    {
      what: 'a new date',
      from: 'issued_at: event.data.occurred_at',
      to: 'issued_at: new Date().toISOString()',
      hint: /new|event\.time/,
    },
    {
      what: 'the environment',
      from: 'memo: event.data.note,',
      to: 'memo: process.env.MEMO,',
      hint: /process/,
    },
    { what: 'chance', from: 'rate: rate?.rate ?? 1,', to: 'rate: Math.random(),', hint: /random/ },
    {
      what: 'a regular expression',
      from: 'memo: event.data.note,',
      to: "memo: event.data.order_id.replace(/-/g, ''),",
      hint: /regular expression|replaceAll/,
    },
    {
      what: 'a template of another language',
      from: 'key: event.data.order_id\n',
      to: "key: '{{ event.data.order_id }}'\n",
      hint: /\{|text|string|expected|unexpected/i,
    },
    {
      what: 'a literal without its own quotes',
      from: "terms: customer.tier === 'platinum' ? 'net_60' : 'prepaid'",
      to: "terms: customer.tier === 'platinum' ? net_60 : 'prepaid'",
      hint: /net_60/,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a variable of the environment in a text',
      from: "action: 'moved'",
      to: 'action: moved',
      hint: /moved/,
    },
    {
      what: 'a method that changes its list',
      from: 'event.data.addresses.some(',
      to: 'event.data.addresses.reverse().some(',
      hint: /reverse|toReversed/,
    },
    {
      what: 'a statement',
      from: 'text: text.body.slice(0, 160),',
      to: 'text: return text.body,',
      hint: /return|expected|unexpected/i,
    },
  ],
  [METRICS]: [
    {
      what: 'a callback that takes its item apart',
      from: 'owner.contacts.map(contact => contact.name)',
      to: 'owner.contacts.map(({ name }) => name)',
      hint: /plain name/,
    },
    {
      what: 'a computed name of a field',
      from: 'team: owner?.team',
      to: "['te' + 'am']: owner?.team",
      hint: /computed/,
    },
    {
      what: 'the way out through a constructor',
      from: 'name: event.data.name,\n          service',
      to: "name: event.data.constructor.constructor('return 1')(),\n          service",
      line: 'event.data.constructor',
      hint: /constructor|computed/,
    },
    {
      what: 'a function of one’s own',
      from: 'samples: event.data.kind',
      to: 'samples: (() => 1)() + event.data.kind',
      hint: /function|=>|call/,
    },
    {
      what: 'a clock',
      from: 'at: event.data.at }',
      to: 'at: Date.now() }',
      hint: /Date\.now|event\.time|now/,
    },
    {
      what: 'a bit operator',
      from: 'event.data.value > 0.95',
      to: 'event.data.value > 0.95 | 0',
      hint: /\|/,
    },
  ],
  [RETURNS]: [
    {
      what: 'a call of a handler in an expression',
      from: 'photos: event.data.items',
      to: 'photos: predict(event) + event.data.items',
      hint: /predict/,
    },
    {
      what: 'a count that is changed',
      from: '(sum, item) => sum + item.quantity',
      to: '(sum, item) => sum += item.quantity',
      hint: /\+=|assign/i,
    },
    {
      what: 'a request over the network',
      from: 'comment: event.data.comment }',
      to: "comment: fetch('http://internal/') }",
      hint: /fetch/,
    },
    {
      what: 'await',
      from: 'comment: event.data.comment }',
      to: 'comment: await event.data.comment }',
      hint: /await/,
    },
  ],
})
