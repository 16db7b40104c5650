// Expressions that are right, the tricky ones among them: narrowing, optional values, callbacks, spreads, templates.
import { BILLING, PREDICTIONS, variants } from '../corpus.ts'

export const expressions = variants({
  [PREDICTIONS]: [
    {
      what: 'double quotes and ==',
      from: "event.data.event_type === 'prediction_request'",
      to: 'event.data.event_type == "prediction_request"',
    },
    {
      what: 'the other kind ruled out instead',
      from: "event.data.event_type === 'prediction_request'",
      to: "event.data.event_type !== 'model_training_completed'",
    },
    {
      what: 'several conditions',
      from: "event.data.event_type === 'prediction_request'",
      to: "event.data.event_type === 'prediction_request' && event.data.features.user_id > 0 && !event.data.model_id.startsWith('test_')",
    },
    {
      what: 'negation of a disjunction',
      from: "when: event.data.event_type === 'prediction_request'",
      to: `when: "!(event.data.event_type === 'model_training_completed' || event.data.model_id === '')"`,
    },
    {
      what: 'a key that is one text',
      from: "'[event.data.model_id, event.data.features]'",
      to: 'event.data.model_id',
    },
    {
      what: 'a key that is an object',
      from: "'[event.data.model_id, event.data.features]'",
      to: "'{ model: event.data.model_id, ...event.data.features }'",
    },
    {
      what: 'a key with a list made by a callback',
      from: "'[event.data.model_id, event.data.features]'",
      to: '"[event.data.model_id, ...Object.entries(event.data.features).map(pair => pair.join(\'=\'))]"',
    },
    {
      what: 'a ternary of literals of an enum',
      from: "severity: 'high'",
      to: "severity: prediction.score > 0.99 ? 'critical' : prediction.score > 0.95 ? 'high' : 'medium'",
    },
    { what: 'a quoted name of a field', from: "severity: 'high'", to: "'severity': 'high'" },
    {
      what: 'a name of a field in double quotes',
      from: "severity: 'high'",
      to: '"severity": \'high\'',
    },
    {
      what: 'Unicode in texts',
      from: '`score ${prediction.score}`',
      to: '`Schätzung für ${event.data.model_id}: ${prediction.score} ≥ 0,9 🚀`',
    },
    {
      what: 'a template within a template',
      from: '`score ${prediction.score}`',
      to: '`score ${prediction.score > 0.95 ? `very high: ${prediction.score.toFixed(2)}` : prediction.score}`',
    },
    {
      what: 'a brace in a text',
      from: '`score ${prediction.score}`',
      to: "'score { } ${not a template}'",
    },
    {
      what: 'a key of an event that is a number',
      from: 'key: event.key\n',
      to: 'key: event.data.features.user_id\n',
    },
    {
      what: 'a key of an event that may be null',
      from: 'key: event.key\n',
      to: 'key: event.subject ?? event.key\n',
    },
    { what: 'no key of an event: that of the source', from: '      key: event.key\n', to: '' },
    {
      what: 'the spread of a value that fits, with a field replaced',
      from: '{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }',
      to: '{ event_id: event.id, ...prediction }',
    },
    {
      what: 'a spread that is overwritten',
      from: '{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }',
      to: '{ ...prediction, event_id: event.id, score: Math.round(prediction.score * 100) / 100 }',
    },
    {
      what: 'Math within the limits',
      from: 'score: prediction.score, message',
      to: 'score: Math.max(0, Math.min(1, prediction.score)), message',
    },
    {
      what: 'a number out of a text',
      from: 'score: prediction.score, message',
      to: "score: Number('0.5') + Number.parseFloat('0.1'), message",
    },
    {
      what: 'a text out of a number',
      from: 'model_id: event.data.model_id, score: prediction.score }',
      to: 'model_id: String(event.data.features.user_id), score: prediction.score }',
    },
    {
      what: 'brackets around the whole',
      from: "'{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }'",
      to: "'({ event_id: event.id, model_id: event.data.model_id, score: prediction.score })'",
    },
    {
      what: 'a comment in a block scalar',
      from: "{ event_id: event.id, severity: 'high'",
      to: "{ event_id: event.id, /* told by hand */ severity: 'high'",
    },
    {
      what: 'a trailing comma',
      from: '`score ${prediction.score}` }',
      to: '`score ${prediction.score}`, }',
    },
    {
      what: 'a condition by typeof',
      from: 'when: prediction.score > 0.9',
      to: "when: typeof event.data.features.user_id === 'number' && prediction.score > 0.9",
    },
  ],
  [BILLING]: [
    {
      what: 'an optional field left out when it is missing',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.note?.trim().slice(0, 500),',
    },
    {
      what: 'an optional object read with ?.',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.customer.company?.name,',
    },
    {
      what: '?. and ?? three deep',
      from: 'memo: event.data.note,',
      to: "memo: event.data.shipping.address?.city ?? event.data.customer.company?.name ?? 'none',",
    },
    {
      what: 'an optional object tested in a ternary',
      from: 'memo: event.data.note,',
      to: "memo: event.data.shipping.address !== undefined ? `${event.data.shipping.address.zip} ${event.data.shipping.address.city}` : 'pickup',",
    },
    {
      what: 'a test by truth',
      from: 'memo: event.data.note,',
      to: "memo: event.data.customer.company ? event.data.customer.company.name : '',",
    },
    {
      what: 'a test by &&',
      from: 'exempt: customer.vat_id !== undefined',
      to: "exempt: customer.vat_id !== undefined && customer.vat_id.startsWith('DE')",
    },
    {
      what: 'an entry of an open map with ??',
      from: 'memo: event.data.note,',
      to: "memo: event.data.tags?.campaign ?? 'none',",
    },
    {
      what: 'an entry of an open map by a text',
      from: 'memo: event.data.note,',
      to: "memo: event.data.tags?.['utm-source'] ?? 'none',",
    },
    {
      what: 'a place in a list with ?.',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.lines[0]?.sku,',
    },
    {
      what: 'the last of a list',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.lines.at(-1)?.sku,',
    },
    {
      what: 'what find finds, with ?.',
      from: 'memo: event.data.note,',
      to: "memo: event.data.lines.find(line => line.quantity > 100)?.sku ?? 'small',",
    },
    {
      what: 'null as undefined',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.coupon ?? undefined,',
    },
    {
      what: 'a chain of methods',
      from: 'memo: event.data.note,',
      to: "memo: event.data.lines.filter(line => line.discount !== undefined).map(line => line.sku.toUpperCase()).toSorted().join(', '),",
    },
    {
      what: 'a narrowed field within a callback',
      from: '(line.discount ?? 0)',
      to: '(line.discount !== undefined ? line.discount : 0)',
    },
    {
      what: 'a callback with its index',
      from: '({ sku: line.sku, quantity: line.quantity })',
      to: '({ sku: line.sku, quantity: Math.max(1, line.quantity) })',
    },
    {
      what: 'a callback that spreads what it makes',
      from: 'lines: event.data.lines.map(line => ({ sku: line.sku, quantity: line.quantity })),',
      to: 'lines: event.data.lines.map(line => ({ ...{ sku: line.sku }, quantity: line.quantity })),',
    },
    {
      what: 'a list of literals and spreads',
      from: 'lines: event.data.lines.map(line => ({ sku: line.sku, quantity: line.quantity })),',
      to: "lines: [...event.data.lines.map(l => ({ sku: l.sku, quantity: l.quantity })), { sku: 'shipping', quantity: 1 }],",
    },
    {
      what: 'the value of a step with a condition, tested in a ternary',
      from: 'rate: rate?.rate ?? 1,',
      to: 'rate: rate === undefined ? 1 : rate.rate,',
    },
    {
      what: 'the value of a step with a condition, tested with &&',
      from: "tax.gross > 10000 && customer.tier === 'standard'",
      to: "rate !== undefined && rate.rate > 1.2 && customer.tier === 'standard'",
    },
    {
      what: 'an order of any currency but one, narrowed by the condition of the step',
      from: '[event.data.currency, "EUR"]',
      to: '{ from: event.data.currency }',
    },
    {
      what: 'arithmetic of all kinds',
      from: 'gross: tax.gross,\n          rate',
      to: 'gross: Math.max(0, (-(-tax.gross)) ** 1 % 1000000 + tax.net * 0 - 0 / 1),\n          rate',
    },
    {
      what: 'a ternary of literals of an enum by several tests',
      from: "customer.tier === 'platinum' ? 'net_60' : 'prepaid'",
      to: "customer.tier === 'platinum' ? 'net_60' : ['gold', 'platinum'].includes(customer.tier) ? 'net_30' : 'prepaid'",
    },
    {
      what: 'a date that is one',
      from: 'memo: event.data.note,',
      to: "due: '2030-01-31T12:00:00Z',",
    },
    {
      what: 'the time of the event as a date',
      from: 'memo: event.data.note,',
      to: 'due: event.time,',
    },
    {
      what: 'a date parsed',
      from: "when: tax.gross > 10000 && customer.tier === 'standard'",
      to: 'when: Date.parse(event.data.occurred_at) - Date.parse(customer.since) < 86400000',
    },
    {
      what: 'true as an optional flag',
      from: 'tax.gross > 10000 &&',
      to: 'event.data.shipping.express &&',
    },
    {
      what: 'only two kinds let in, and a field of both',
      from: "event.data.event_type === 'order_placed'",
      to: "event.data.event_type === 'order_placed' && event.data.currency !== 'GBP' && event.data.lines.every(line => line.quantity > 0)",
    },
    {
      what: 'a literal whole number',
      from: 'positions: event.data.lines.length,',
      to: 'positions: 1,',
    },
    {
      what: 'an optional field not sent',
      from: ',\n          shipping: event.data.shipping.method }',
      to: ' }',
    },
    {
      what: 'a body chosen whole',
      from: "action: 'review', level: 'warning'",
      to: "...(customer.credit > 0 ? { action: 'credit' } : { action: 'review' }), level: 'warning'",
    },
    {
      what: 'JSON in a text',
      from: 'memo: event.data.note,',
      to: 'memo: JSON.stringify(event.data.tags ?? {}),',
    },
  ],
})
