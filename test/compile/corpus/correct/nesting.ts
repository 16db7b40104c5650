// Correct ways of choosing a way.
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
  ],
})
