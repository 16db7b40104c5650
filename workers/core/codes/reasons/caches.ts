// Why caches and stores must be declared as they are, and what pipelines say about what they hold.
import type { Reason } from './entry.ts'

export const CACHES = {
  SLU0512: {
    why: 'A stale answer is given while a fresh one is loaded. If entries may be stale for much longer than they are fresh, most answers are old ones.',
    example: {
      wrong: `caches:
  prices:
    { in: hot, schema: values/price, whenDown: bypass, ttl: 1m, staleWhileRevalidate: 1h }`,
      right: `caches:
  prices:
    { in: hot, schema: values/price, whenDown: bypass, ttl: 30m, staleWhileRevalidate: 1h }`,
    },
  },
  SLU0514: {
    why: 'A Redis hash holds named fields, and a number, a text or a list has none: no entry could be written, and every message would wait for its handler.',
    example: {
      wrong: `caches:
  stars: { in: hot, ttl: 5m, whenDown: bypass, as: hash, schema: values/stars } # a number`,
      right: `caches:
  stars: { in: hot, ttl: 5m, whenDown: bypass, as: string, schema: values/stars }`,
    },
  },
  SLU0570: {
    why: 'To forget a tag ends the entries that have it, and here no step gives any: they would answer until they expire, with what is no longer so.',
    example: {
      wrong: `steps:
  - id: changed
    forget: { in: prices, tag: event.data.customer.id }`,
      right: `steps:
  - id: price
    cache:
      in: prices
      key: '[event.data.customer.id, event.data.items]'
      tags: '[event.data.customer.id]'
      load: { call: quote, input: event.data }
  - id: changed
    forget: { in: prices, tag: event.data.customer.id }`,
    },
  },
  SLU0571: {
    why: 'Versions keep an older value from taking the place of a newer one. A value without a version takes the place of any, so that the newest may be lost all the same.',
    example: {
      wrong: `stores:
  latest: { in: hot, ttl: 1h, schema: values/stars }
steps:
  - id: first
    store: { in: latest, key: event.data.order_id, value: '1', version: '1' }
  - id: second
    store: { in: latest, key: event.data.order_id, value: '2' }`,
      right: `stores:
  latest: { in: hot, ttl: 1h, schema: values/stars }
steps:
  - id: first
    store: { in: latest, key: event.data.order_id, value: '1', version: '1' }
  - id: second
    store: { in: latest, key: event.data.order_id, value: '2', version: '2' }`,
    },
  },
} as const satisfies Record<string, Reason>
