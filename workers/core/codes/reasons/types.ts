// Why: types and expressions (SLU033x, SLU034x, SLU04xx).
import type { Reason } from './entry.ts'

export const TYPES = {
  SLU0330: {
    why: 'The property is in no message that fits the schema, so the expression would give undefined for every one of them.',
    example: {
      wrong: `steps:
  - id: risk
    when: price.amont > 100`,
      right: `steps:
  - id: risk
    when: price.amount > 100`,
    },
  },
  SLU0331: {
    why: 'JavaScript would convert the value in silence: "10" * 2 is 20, and "10" + 2 is "102". What reaches a queue should not depend on that.',
    example: {
      wrong: `steps:
  - id: total
    command: { to: totals, body: '{ amount: "100", currency: price.currency }' }`,
      right: `steps:
  - id: total
    command: { to: totals, body: '{ amount: 100, currency: price.currency }' }`,
    },
  },
  SLU0332: {
    why: 'The destination’s schema asks for the field. Each message would fail when its body is checked, and become a dead letter.',
    example: {
      wrong: `steps:
  - id: total
    command: { to: totals, body: '{ amount: price.amount }' }`,
      right: `steps:
  - id: total
    command: { to: totals, body: '{ amount: price.amount, currency: price.currency }' }`,
    },
  },
  SLU0333: {
    why: 'The destination’s schema does not know the field: it is a misspelt one, or its readers would refuse the message.',
    example: {
      wrong: `steps:
  - id: total
    command: { to: totals, body: '{ ammount: 1, amount: price.amount, currency: price.currency }' }`,
      right: `steps:
  - id: total
    command: { to: totals, body: '{ amount: price.amount, currency: price.currency }' }`,
    },
  },
  SLU0334: {
    why: 'The schema lets the value be absent. For those messages the expression would throw, and each would become a dead letter at three in the morning.',
    example: {
      wrong: `steps:
  - id: risk
    when: price.discount > 10 # discount is not required`,
      right: `steps:
  - id: risk
    when: (price.discount ?? 0) > 10`,
    },
  },
  SLU0335: {
    why: 'A condition that is a number or a text is true for most values: it rarely means what its author meant, and 0 or an empty text turn it round.',
    example: {
      wrong: `steps:
  - id: risk
    when: price.amount`,
      right: `steps:
  - id: risk
    when: price.amount > 0`,
    },
  },
  SLU0336: {
    why: 'The two sides can never be equal, by their types: the condition is always false, or always true, and the steps behind it never run, or always do.',
    example: {
      wrong: `steps:
  - id: risk
    when: price.currency === 'EURO'`,
      right: `steps:
  - id: risk
    when: price.currency === 'EUR'`,
    },
  },
  SLU0337: {
    why: 'The handler would be called with something else than it was written for, and fail at a place that says nothing about the line that gave it.',
    example: {
      wrong: `steps:
  - id: risk
    call: { handler: score, input: '{ amount: price.currency, customer: event.data.customer.id }' }`,
      right: `steps:
  - id: risk
    call: { handler: score, input: '{ amount: price.amount, customer: event.data.customer.id }' }`,
    },
  },
  SLU0338: {
    why: 'What a cache holds is read by others, perhaps of another version. So what is loaded is held to the schema of the cache, and this handler cannot keep to it.',
  },
  SLU0339: {
    why: 'Handlers and generated types are checked along with the pipelines, since both must agree. The code at the named line does not pass.',
  },
  SLU0340: {
    why: 'The schema sets a limit that this value breaks whatever the message holds: every message would be refused by its own destination.',
    example: {
      wrong: `steps:
  - id: invoice
    command:
      to: invoices
      body: | # its schema says that amount is at least 0
        { order_id: event.data.order_id, amount: -1, currency: 'EUR', urgency: 'low', lines: [] }`,
      right: `steps:
  - id: invoice
    command:
      to: invoices
      body: |
        { order_id: event.data.order_id, amount: 0, currency: 'EUR', urgency: 'low', lines: [] }`,
    },
  },
  SLU0341: {
    why: 'Two parts of the expression do not go together. The words of the type checker follow, in the terms of the pipeline where they can be.',
  },
  SLU0342: {
    why: 'A handler is the one function that its file exports by default; anything else could not be called.',
  },
  SLU0343: {
    why: 'Handlers are written against types that stand in the repository. When they differ from schemas and pipelines, an editor shows something else than what runs.',
  },
  SLU0401: {
    why: 'An expression is one JavaScript expression, such as stands on the right of an equals sign: no statement, no declaration, no semicolon.',
    example: {
      wrong: `steps:
  - id: total
    command: { to: totals, body: 'const amount = 1; ({ amount })' }`,
      right: `steps:
  - id: total
    command: { to: totals, body: '{ amount: 1, currency: price.currency }' }`,
    },
  },
  SLU0402: {
    why: 'Expressions give the same for the same message every time, can be retried and cannot reach the process. Calls, assignments, clocks and loops without an end would break that, so they belong in a handler, which has a deadline.',
    example: {
      wrong: `steps:
  - id: price
    cache:
      in: prices
      key: '[event.data.items, Date.now()]' # never the same twice: nothing would ever be found
      load: { call: quote, input: event.data }`,
      right: `steps:
  - id: price
    cache:
      in: prices
      key: event.data.items
      load: { call: quote, input: event.data }`,
    },
  },
  SLU0403: {
    why: 'An expression sees the event and the results of the call, cache and map steps before it, and nothing else: no globals, no later steps.',
    example: {
      wrong: `steps:
  - id: risk
    when: prices.amount > 100 # the step is called price`,
      right: `steps:
  - id: risk
    when: price.amount > 100`,
    },
  },
} as const satisfies Record<string, Reason>
