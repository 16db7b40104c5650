// Values that may be missing: optional fields, null, steps with a condition, places in lists.
import { BILLING, METRICS, NOTIFICATIONS, RETURNS, seeded } from '../corpus.ts'

export const missing = seeded('missing values', {
  [BILLING]: [
    {
      what: 'the length of a text that may be missing, compared',
      from: 'memo: event.data.note,',
      to: "memo: event.data.note?.length > 10 ? 'long' : event.data.note,",
      hint: '(event.data.note?.length ?? 0)',
    },
    {
      what: 'the value of a step with a condition, unguarded',
      from: 'rate: rate?.rate ?? 1,',
      to: 'rate: rate.rate,',
      hint: /rate.*(undefined|missing|when).*(\?\.|\?\?)/s,
    },
    {
      what: 'a guard without anything instead',
      from: 'rate: rate?.rate ?? 1,',
      to: 'rate: rate?.rate,',
      hint: /rate.*(undefined|missing).*\?\?/s,
    },
    {
      what: 'arithmetic on an optional field',
      from: '(1 - (line.discount ?? 0))',
      to: '(1 - line.discount)',
      hint: /discount.*(undefined|missing|optional).*\?\?/s,
    },
    {
      what: 'a field of an optional object',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.customer.company.name,',
      hint: /company.*(undefined|missing).*\?\./s,
    },
    {
      what: 'a field of an optional object, two deep',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.shipping.address.city,',
      hint: /address.*(undefined|missing).*\?\./s,
    },
    {
      what: 'a method of an optional text',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.note.trim(),',
      hint: /note.*(undefined|missing).*\?\./s,
    },
    {
      what: 'an optional field where the schema requires one',
      from: 'customer_id: customer.customer_id,\n          currency',
      to: 'customer_id: customer.vat_id,\n          currency',
      line: 'customer_id: customer.vat_id',
      hint: /customer_id.*(undefined|missing).*\?\?/s,
    },
    {
      what: 'null where the schema takes no null',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.coupon,',
      hint: /memo.*null/s,
    },
    {
      what: 'a place in a list that may not be there',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.lines[1].sku,',
      hint: /lines\[1\].*(undefined|missing).*\?\./s,
    },
    {
      what: 'an entry of an open map that may not be there',
      from: 'memo: event.data.note,',
      to: 'memo: event.data.tags.campaign,',
      hint: /tags.*(undefined|missing).*\?\./s,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'a tombstone not thought of',
      from: "when: event.data !== null && event.data.change !== 'imported'",
      to: "when: event.data.change !== 'imported'",
      hint: /event\.data.*null/s,
    },
    {
      what: 'a topic with tombstones, and no condition at all',
      from: "when: event.data !== null && event.data.change !== 'imported'\n",
      to: '',
      line: 'input: ',
      hint: /event\.data.*null/s,
    },
    {
      what: 'an address that may be null, without its condition',
      from: 'event.data.consents.email && event.data.email !== null',
      to: 'event.data.consents.email',
      line: 'address: event.data.email',
      hint: /address.*null/s,
    },
    {
      what: 'compared with undefined what may be null',
      from: 'event.data.email !== null',
      to: 'event.data.email !== undefined',
      line: 'address: event.data.email',
      hint: /address.*null/s,
    },
    {
      what: 'compared with null what may be missing',
      from: 'event.data.phone !== undefined',
      to: 'event.data.phone !== null',
      line: 'address: event.data.phone',
      hint: /address.*(undefined|missing)/s,
    },
  ],
  [METRICS]: [
    {
      what: 'a cache that remembers absence, unguarded',
      from: "team: owner?.team ?? 'unknown'",
      to: 'team: owner.team',
      hint: /owner.*null.*\?\./s,
    },
    {
      what: 'the condition that ruled out null removed',
      from: ' && owner !== null',
      to: '',
      line: 'severity: owner.pager',
      hint: /owner.*null/s,
    },
    {
      what: 'absence tested as undefined',
      from: '&& owner !== null',
      to: '&& owner !== undefined',
      line: 'severity: owner.pager',
      hint: /owner.*null/s,
    },
    {
      what: 'an optional map of labels, unguarded',
      from: 'event.data.labels?.region',
      to: 'event.data.labels.region',
      hint: /labels.*(undefined|missing).*\?\./s,
    },
  ],
  [RETURNS]: [
    {
      what: 'the value of a step with a condition in a comparison',
      from: '(risk?.score ?? 0) < 0.5\n    command',
      to: 'risk.score < 0.5\n    command',
      line: "event.data.resolution.type === 'refund'",
      hint: /risk.*(undefined|missing|when).*(\?\.|\?\?)/s,
    },
    {
      what: 'the guard of a step with a condition removed',
      from: 'risk !== undefined && risk.score >= 0.5',
      to: 'risk.score >= 0.5',
      hint: /risk.*(undefined|missing|when)/s,
    },
    {
      what: 'the first item of a list, unguarded',
      from: "event.data.items[0]?.reason ?? 'unwanted'",
      to: 'event.data.items[0].reason',
      hint: /items\[0\].*(undefined|missing).*\?\./s,
    },
    {
      what: 'an optional list without anything instead',
      from: 'event.data.items.flatMap(item => item.photo_urls ?? []).length',
      to: 'event.data.items.flatMap(item => item.photo_urls.slice(0, 3)).length',
      hint: /photo_urls.*(undefined|missing).*(\?\.|\?\?)/s,
    },
    {
      what: 'the found item of a list, unguarded',
      from: 'score: risk?.score ?? 0,',
      to: "score: event.data.items.find(item => item.reason === 'damaged').quantity > 2 ? 1 : 0,",
      hint: /find.*(undefined|missing).*\?\./s,
    },
    {
      what: 'a text asked of a nullable comment',
      from: 'comment: event.data.comment }',
      to: 'comment: event.data.comment.trim() }',
      hint: /comment.*null.*\?\./s,
    },
  ],
})
