// Correct ways of choosing a way, and of taking lists apart.
import { BILLING, METRICS, variants } from '../corpus.ts'

const AUDIT = (detail: string) =>
  `command: { to: audit, body: "{ subject: event.data.name, action: 'seen', level: 'info', at: event.time, detail: ${detail} }" }`

export const nesting = variants({
  [METRICS]: [
    {
      what: 'a branch for each kind of event, and each sees the fields of its kind',
      from: '  - id: page\n',
      to: `  - id: by_kind
    route:
      branches:
        - when: event.data.kind === 'gauge'
          steps: [{ id: see_gauge, ${AUDIT('String(event.data.value)')} }]
        - when: event.data.kind === 'counter'
          steps: [{ id: see_counter, ${AUDIT('String(event.data.count)')} }]
        - when: event.data.kind === 'histogram'
          steps: [{ id: see_histogram, ${AUDIT('String(event.data.buckets.length)')} }]
      otherwise: { fail: a kind that nobody knows }
  - id: page
`,
    },
    {
      what: 'what is left over has its own fields',
      from: '  - id: page\n',
      to: `  - id: by_kind
    route:
      branches:
        - when: event.data.kind === 'gauge' || event.data.kind === 'counter'
          steps: [{ id: see_simple, ${AUDIT('event.data.service')} }]
      otherwise:
        steps: [{ id: see_histogram, ${AUDIT('String(event.data.buckets.map(one => event.data.sum).length)')} }]
  - id: page
`,
    },
    {
      what: 'a route within a route, behind a condition of its own',
      from: '  - id: page\n',
      to: `  - id: by_owner
    when: owner !== null
    route:
      branches:
        - when: owner.pager
          steps:
            - id: team
              map: { value: owner.team }
            - id: by_kind
              route:
                branches:
                  - when: event.data.kind === 'gauge'
                    steps: [{ id: see_gauge, ${AUDIT('team + event.data.value')} }]
                otherwise: { steps: [{ id: see_other, ${AUDIT('team')} }] }
      otherwise: { steps: [] }
  - id: page
`,
    },
    {
      what: 'fail where the branches do not tell one field apart',
      from: '  - id: page\n',
      to: `  - id: by_size
    route:
      branches:
        - when: event.data.name.length > 9
          steps: [{ id: see, ${AUDIT('event.data.name')} }]
      otherwise: { fail: the name is too short }
  - id: page
`,
    },
    {
      what: 'the items of a list that one kind of event has, in its branch',
      from: '  - id: page\n',
      to: `  - id: by_kind
    route:
      branches:
        - when: event.data.kind === 'histogram'
          steps:
            - id: every_bucket
              split:
                over: event.data.buckets
                as: bucket
                steps: [{ id: both, map: { value: '[bucket, event.data.sum]' } }]
      otherwise: { steps: [] }
  - id: page
`,
    },
  ],
  [BILLING]: [
    {
      what: 'a handler that is called in a branch only',
      from: '  - id: tax\n',
      to: `  - id: by_tier
    route:
      branches:
        - when: customer.tier === 'platinum'
          steps:
            - id: again
              call: { handler: tax, input: '{ country: event.data.customer.country, exempt: true, lines: [] }' }
            - id: worth
              map: { value: again.net + again.gross }
      otherwise: { steps: [] }
  - id: tax
`,
    },
    {
      what: 'a command for each item of a list, each with an id of its own',
      from: '  - id: review\n',
      to: `  - id: every_line
    split:
      over: event.data.lines
      as: line
      id: line.sku
      limit: 200
      steps:
        - id: worth
          map: { value: line.quantity * line.unit_price * (1 - (line.discount ?? 0)) }
        - id: large
          when: worth > 1000 && line.quantity > 1
          command:
            to: audit
            body: |
              { subject: event.data.order_id, action: 'large_line', level: 'info', at: event.time,
                detail: [line].map(one => \`\${one.sku} of \${customer.name}: \${worth}\`).join('') }
  - id: review
`,
    },
    {
      what: 'a handler for each of the items that a condition leaves, some of which may not be there',
      from: '  - id: review\n',
      to: `  - id: every_line
    when: tax.gross > 100
    split:
      over: event.data.lines.find(line => line.quantity > 9)?.sku.split('-') ?? []
      as: part
      steps:
        - id: again
          call: { handler: tax, input: '{ country: part, exempt: part.length > 3, lines: [] }' }
        - id: by_tax
          route:
            branches:
              - when: again.gross > 3
                steps: [{ id: twice, map: { value: again.gross * 2 } }]
            otherwise: { steps: [] }
  - id: review
`,
    },
    {
      what: 'jobs of items, by ids that differ and by none',
      from: '  - id: review\n',
      to: `  - id: every_line
    split:
      over: event.data.lines
      as: line
      steps:
        - id: label
          map: { value: event.id + line.sku }
        - id: by_label
          job: { to: archives, id: label, body: "{ subject: line.sku, action: 'seen', level: 'info', at: event.time }" }
        - id: by_place
          job: { to: archives, body: "{ subject: line.sku, action: 'seen', level: 'info', at: event.time }" }
  - id: review
`,
    },
    {
      what: 'pairs of an item and its place',
      from: '  - id: review\n',
      to: `  - id: every_line
    split:
      over: |
        event.data.lines.map((line, index) => ({ line, index }))
      as: pair
      steps: [{ id: place, map: { value: pair.index + pair.line.quantity } }]
  - id: review
`,
    },
  ],
})
