// Caches: how long entries live, whose loads are one, what entries are about, and who forgets it.
import { BILLING, FLEET, seeded } from '../corpus.ts'

const FROM = '  - id: tax\n'
const TAGGED = '      key: event.data.customer.id\n'
const forget = (body: string) => `  - id: moved\n    forget: ${body}\n${FROM}`
const RATES = '{ in: hot, ttl: 1h, staleWhileRevalidate: 15m,'

export const caches = seeded('caches', {
  [FLEET]: [
    {
      what: 'a jitter with a percent sign',
      from: RATES,
      to: '{ in: hot, ttl: 1h, jitter: 10%, staleWhileRevalidate: 15m,',
      line: 'jitter: 10%',
      hint: /integer|whole number/,
    },
    {
      what: 'a jitter that leaves nothing',
      from: RATES,
      to: '{ in: hot, ttl: 1h, jitter: 100, staleWhileRevalidate: 15m,',
      line: 'jitter: 100',
      hint: /90/,
    },
    {
      what: 'a flight of nobody',
      from: RATES,
      to: '{ in: hot, ttl: 1h, flight: worker, staleWhileRevalidate: 15m,',
      line: 'flight: worker',
      hint: /process.*fleet/s,
    },
  ],
  [BILLING]: [
    {
      what: 'a text where tags are a list',
      from: TAGGED,
      to: `${TAGGED}      tags: event.data.customer.country\n`,
      line: 'tags: event.data.customer.country',
      hint: /list.*brackets/s,
    },
    {
      what: 'a tag that may be missing',
      from: TAGGED,
      to: `${TAGGED}      tags: '[event.data.note]'\n`,
      line: "tags: '[event.data.note]'",
      hint: /note|missing|undefined/,
    },
    {
      what: 'a misspelt field in tags',
      from: TAGGED,
      to: `${TAGGED}      tags: '[event.data.custmer.id]'\n`,
      line: "tags: '[event.data.custmer",
      hint: /custmer.*customer/s,
    },
    {
      what: 'a misspelt cache to forget in',
      from: FROM,
      to: forget('{ in: custmers, tag: event.data.customer.id }'),
      line: 'forget: {',
      hint: /customers/,
    },
    {
      what: 'a store to forget in',
      from: FROM,
      to: forget('{ in: invoices_by_order, tag: event.data.order_id }'),
      line: 'forget: {',
      hint: /a store/,
    },
    {
      what: 'a tag to forget that may be missing',
      from: FROM,
      to: forget('{ in: customers, tag: event.data.note }'),
      line: 'forget: {',
      hint: /tag|\?\?/,
    },
    {
      what: 'a list of tags to forget',
      from: FROM,
      to: forget("{ in: customers, tag: '[event.data.customer.id]' }"),
      line: 'forget: {',
      hint: /a text or a number/,
    },
    {
      what: 'what was forgotten as a value',
      from: FROM,
      to: `  - id: moved\n    forget: { in: customers, tag: event.data.customer.id }\n  - id: again\n    map: { value: moved }\n${FROM}`,
      line: 'map: { value: moved }',
      hint: /forget step has no value/,
    },
    {
      what: 'a key to forget, which has tags',
      from: FROM,
      to: forget('{ in: customers, key: event.data.customer.id }'),
      line: 'forget: {',
      hint: /tag/,
    },
  ],
})
