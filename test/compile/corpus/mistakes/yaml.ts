// YAML that is not what it looks like.
import { BILLING, FLEET, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const yaml = seeded('yaml', {
  [PREDICTIONS]: [
    {
      what: 'a tab for indentation',
      from: '  group: predictions',
      to: '\tgroup: predictions',
      hint: /tab/i,
    },
    {
      what: 'a quote that never ends',
      from: "key: '[event.data.model_id, event.data.features]'",
      to: "key: '[event.data.model_id, event.data.features]",
      hint: /quote/,
    },
    {
      what: 'a key written twice',
      from: 'concurrency: 256\n',
      to: 'concurrency: 256\nconcurrency: 128\n',
      line: 'concurrency: 128',
      hint: /concurrency/,
    },
    {
      what: 'an expression in braces without quotes: a map of YAML',
      from: "body: '{ event_id: event.id, model_id: event.data.model_id, score: prediction.score }'",
      to: 'body: { event_id: event.id, model_id: event.data.model_id, score: prediction.score }',
      hint: /body.*(quote|text|expression)/s,
    },
  ],
  [BILLING]: [
    {
      what: 'a step that is indented too little',
      from: '  - id: review',
      to: ' - id: review',
      hint: /indent|list|column|align/i,
    },
    {
      what: 'a brace that never closes',
      from: 'defect: { deadLetter: orders.dlq }',
      to: 'defect: { deadLetter: orders.dlq',
      line: 'guard: { of: 500',
      hint: /\}|brace|flow|map/i,
    },
    {
      what: 'two documents in one file',
      from: 'failure:\n',
      to: '---\nfailure:\n',
      hint: /document|---/,
    },
    {
      what: 'an alias to nothing',
      from: 'policy: patient',
      to: 'policy: *patient',
      hint: /alias|patient/i,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a key of the map without a space after its colon',
      from: 'order: key\n',
      to: 'order:key\n',
      hint: /:|space|order/,
    },
    {
      what: 'a template literal without quotes',
      from: "key: '`email.${event.data.language}`'",
      to: 'key: `email.${event.data.language}`',
      hint: /`|quote/,
    },
  ],
  [METRICS]: [
    {
      what: 'an expression that begins with ! and has no quotes',
      from: "when: event.data.kind !== 'histogram' || event.data.buckets.length > 0",
      to: "when: !event.data.name.startsWith('test')",
      hint: /quote/,
    },
    {
      what: 'a tag of another language',
      from: 'order: none',
      to: 'order: !!js/function none',
      hint: /tag|js\/function/,
    },
    { what: 'no, which is a text in YAML 1.2', from: 'order: none', to: 'order: no', hint: /none/ },
  ],
  [RETURNS]: [
    {
      what: 'a comment sign within an unquoted expression',
      from: 'key: event.data.customer_id',
      to: 'key: "#" + event.data.customer_id',
      hint: /quote|"#"/,
    },
  ],
  [FLEET]: [
    {
      what: 'a merge key',
      from: 'predictions: { pipelines: [predictions], replicas: 2 }',
      to: 'predictions: { <<: { replicas: 2 }, pipelines: [predictions] }',
      hint: /<</,
    },
    {
      what: 'two queues of one name',
      from: '  refunds: { in: work',
      to: '  alerts: { in: work',
      line: 'alerts: { in: work, type: quorum, schema: commands/refund',
      hint: 'alerts',
    },
  ],
})
