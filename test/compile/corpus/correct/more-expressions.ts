// Expressions that are right, the tricky ones among them: narrowing, optional values, callbacks, spreads, templates, in the smaller pipelines.
import { METRICS, NOTIFICATIONS, RETURNS, variants } from '../corpus.ts'

export const moreExpressions = variants({
  [NOTIFICATIONS]: [
    {
      what: 'a tombstone ruled out by truth',
      from: "when: event.data !== null && event.data.change !== 'imported'",
      to: `when: "!!event.data && event.data.change !== 'imported'"`,
    },
    {
      what: 'a tombstone ruled out by ?.',
      from: "event.data !== null && event.data.change !== 'imported'",
      to: "event.data?.change === 'created' || event.data?.change === 'updated'",
    },
    {
      what: 'a text that may be null, tested by truth',
      from: 'event.data.consents.email && event.data.email !== null',
      to: 'event.data.consents.email && !!event.data.email',
    },
    {
      what: 'a text that may be missing, by != null',
      from: 'event.data.phone !== undefined',
      to: 'event.data.phone != null',
    },
    {
      what: 'a text that may be missing, by typeof',
      from: 'event.data.phone !== undefined',
      to: "typeof event.data.phone === 'string'",
    },
    {
      what: 'a text that may be missing, replaced',
      from: 'event.data.consents.sms && event.data.phone !== undefined',
      to: 'event.data.consents.sms',
      also: [
        {
          file: NOTIFICATIONS,
          from: 'address: event.data.phone,',
          to: "address: event.data.phone ?? 'unknown',",
        },
      ],
    },
    {
      what: 'a condition that may be undefined',
      from: "event.data.addresses.some(address => address.primary && address.country !== 'DE')",
      to: "event.data.addresses.find(address => address.country !== 'DE')?.primary",
    },
    {
      what: 'a routing key of parts',
      from: "'`email.${event.data.language}`'",
      to: `"['email', event.data.language].join('.')"`,
    },
  ],
  [METRICS]: [
    {
      what: 'a kind tested in a callback',
      from: "event.data.kind !== 'histogram' || event.data.buckets.length > 0",
      to: "event.data.kind !== 'histogram' || event.data.buckets.some(bucket => bucket > 0)",
    },
    {
      what: 'all kinds but two',
      from: "event.data.kind !== 'histogram' || event.data.buckets.length > 0",
      to: "event.data.kind !== 'histogram' && event.data.kind !== 'counter'",
      also: [
        {
          file: METRICS,
          from: "event.data.kind === 'histogram' ? event.data.sum / event.data.count\n            : event.data.kind === 'gauge' ? event.data.value\n            : event.data.count",
          to: 'event.data.value',
        },
        { file: METRICS, from: "event.data.kind === 'histogram' ? event.data.count : 1", to: '1' },
      ],
    },
    {
      what: 'null narrowed by ?. in a ternary',
      from: "owner?.team ?? 'unknown'",
      to: "owner?.pager ? owner.team : 'unknown'",
    },
    { what: 'null narrowed by truth', from: '&& owner !== null', to: '&& !!owner', also: [] },
    { what: 'null or undefined by != null', from: 'owner !== null', to: 'owner != null' },
    {
      what: 'labels by Object.entries',
      from: "{ ...event.data.labels, region: event.data.labels?.region ?? 'eu' }",
      to: '{ count: String(Object.keys(event.data.labels ?? {}).length) }',
    },
    {
      what: 'no labels',
      from: "          labels: { ...event.data.labels, region: event.data.labels?.region ?? 'eu' },\n",
      to: '',
    },
    {
      what: 'a value of two kinds by in',
      from: "event.data.kind === 'gauge' ? event.data.unit ?? null : null",
      to: "event.data.kind !== 'gauge' ? null : event.data.unit ?? null",
    },
  ],
  [RETURNS]: [
    {
      what: 'a nested union ruled out the other way',
      from: "event.data.resolution.type === 'refund' &&",
      to: "event.data.resolution.type !== 'exchange' &&",
    },
    {
      what: 'a nested union in a ternary',
      from: 'pieces: event.data.items.reduce((sum, item) => sum + item.quantity, 0),',
      to: "pieces: event.data.resolution.type === 'exchange' ? event.data.resolution.quantity : event.data.items.length,",
    },
    {
      what: 'a reducer without a start, guarded by a length',
      from: 'event.data.items.reduce((sum, item) => sum + item.quantity, 0)',
      to: 'Math.max(1, ...event.data.items.map(item => item.quantity))',
    },
    {
      what: 'the value of a step with a condition, by truth',
      from: 'risk === undefined || risk.score < 0.5 ?',
      to: '!risk || risk.score < 0.5 ?',
    },
    {
      what: 'a callback that names a step',
      from: "item.reason !== 'wrong_item'",
      to: "item.reason !== 'wrong_item' && customer.tier !== 'platinum'",
    },
    {
      what: 'a callback that names the event',
      from: 'event.data.items.flatMap(item => item.photo_urls ?? []).length',
      to: 'event.data.items.filter(item => item.sku !== event.data.order_id).length',
    },
    {
      what: 'lists in lists',
      from: 'event.data.items.flatMap(item => item.photo_urls ?? []).length',
      to: 'event.data.items.map(item => item.photo_urls ?? []).flat().length',
    },
    {
      what: 'texts compared by size',
      from: "customer.tier === 'standard'\n    call",
      to: "customer.since > '2026-01-01'\n    call",
    },
  ],
})
