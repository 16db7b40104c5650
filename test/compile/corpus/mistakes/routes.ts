// Ways through a pipeline: what is wrong with a route, and with who looks into its branches from elsewhere.
import { METRICS, seeded } from '../corpus.ts'

const FROM = '  - id: page\n'
const AUDIT = (detail: string) =>
  `command: { to: audit, body: "{ subject: event.data.name, action: 'seen', level: 'info', at: event.time, detail: ${detail} }" }`

interface Parts {
  readonly gauge?: string
  readonly first?: string
  readonly counter?: string
  readonly second?: string
  readonly more?: string
  readonly otherwise?: string
  readonly after?: string
}

/** A route of the metrics by their kinds, right in all that is not said. */
const route = ({
  gauge = "event.data.kind === 'gauge'",
  first = AUDIT('String(event.data.value)'),
  counter = "event.data.kind === 'counter'",
  second = AUDIT('String(event.data.count)'),
  more = '',
  otherwise = '{ steps: [] }',
  after = '',
}: Parts) => `  - id: by_kind
    route:
      branches:
        - when: ${gauge}
          steps:
            - id: rounded
              map: { value: event.data.service.length }
            - id: see_gauge
              ${first}
        - when: ${counter}
          steps:
            - id: see_counter
              ${second}
${more}      otherwise: ${otherwise}
${after}${FROM}`

export const routes = seeded('routes', {
  [METRICS]: [
    {
      what: 'a field of another kind in a branch',
      from: FROM,
      to: route({ first: AUDIT('String(event.data.buckets.length)') }),
      line: 'event.data.buckets.length)',
      hint: /buckets.*(histogram|Gauge)/s,
    },
    {
      what: 'a misspelt field in a branch',
      from: FROM,
      to: route({ second: AUDIT('String(event.data.cuont)') }),
      line: 'event.data.cuont',
      hint: /cuont.*\bcount\b/s,
    },
    {
      what: 'a field of a kind that its branch took, behind it',
      from: FROM,
      to: route({
        otherwise: `{ steps: [{ id: rest, ${AUDIT('String(event.data.value)')} }] }`,
      }),
      line: 'otherwise: { steps: [{ id: rest',
      hint: /"value" does not exist/,
    },
    {
      what: 'a kind that does not exist',
      from: FROM,
      to: route({ gauge: "event.data.kind === 'guage'" }),
      line: "=== 'guage'",
      hint: /guage.*gauge/s,
    },
    {
      what: 'a branch for a kind that an earlier one takes',
      from: FROM,
      to: route({ counter: '"gauge" === event.data.kind' }).replace(
        'when: "gauge" === event.data.kind',
        `when: '"gauge" === event.data.kind'`,
      ),
      line: '"gauge" === event.data.kind',
      hint: /never.*gauge.*counter/s,
    },
    {
      what: 'the same condition twice',
      from: FROM,
      to: route({ counter: "event.data.kind   === 'gauge'" }),
      line: "event.data.kind   === 'gauge'",
      hint: /same condition|never/,
    },
    {
      what: 'a branch that takes everything',
      from: FROM,
      to: route({ gauge: "'!false'", first: AUDIT("'x'") }),
      line: '!false',
      hint: /every message.*otherwise/s,
    },
    {
      what: 'a branch that takes nothing',
      from: FROM,
      to: route({ gauge: "'!true'", first: AUDIT("'x'") }),
      line: '!true',
      hint: /no message/,
    },
    {
      what: 'a condition that is none',
      from: FROM,
      to: route({ gauge: 'event.data.service', first: AUDIT("'x'") }),
      line: 'when: event.data.service',
      hint: /true or false/,
    },
    {
      what: 'nothing said of what no branch takes',
      from: FROM,
      to: route({}).replace('      otherwise: { steps: [] }\n', ''),
      line: 'route:',
      hint: /otherwise.*steps: \[\]/s,
    },
    {
      what: 'two things to do otherwise',
      from: FROM,
      to: route({ otherwise: '{ steps: [], fail: not known }' }),
      line: 'otherwise:',
      hint: /exactly one of steps, fail/,
    },
    {
      what: 'a word where otherwise wants a map',
      from: FROM,
      to: route({ otherwise: 'drop' }),
      line: 'otherwise:',
      hint: /map/,
    },
    {
      what: 'a branch without steps',
      from: FROM,
      to: route({ more: "        - when: event.data.kind === 'histogram'\n" }),
      line: "- when: event.data.kind === 'histogram'",
      hint: /steps.*missing/s,
    },
    {
      what: 'a step without a verb in a branch',
      from: FROM,
      to: route({ first: 'when: event.data.value > 1' }),
      line: 'id: see_gauge',
      hint: /does nothing|add one of/,
    },
    {
      what: 'a misspelt verb in a branch',
      from: FROM,
      to: route({ first: AUDIT("'x'").replace('command', 'comand') }),
      line: 'comand:',
      hint: /comand.*command/s,
    },
    {
      what: 'a queue that is not there in a branch',
      from: FROM,
      to: route({ first: AUDIT("'x'").replace('to: audit', 'to: audti') }),
      line: 'to: audti',
      hint: /audti.*audit/s,
    },
    {
      what: 'a value of a branch, used behind the route',
      from: FROM,
      to: route({ after: `  - id: later\n    ${AUDIT('String(rounded)')}\n` }),
      line: 'detail: String(rounded)',
      hint: /rounded.*branch of "by_kind"/s,
    },
    {
      what: 'a value of another branch',
      from: FROM,
      to: route({ second: AUDIT('String(rounded)') }),
      line: 'detail: String(rounded)',
      hint: /rounded.*branch of "by_kind"/s,
    },
    {
      what: 'the value of a route',
      from: FROM,
      to: route({ after: `  - id: later\n    ${AUDIT('String(by_kind)')}\n` }),
      line: 'detail: String(by_kind)',
      hint: /by_kind.*route step has no value/s,
    },
    {
      what: 'an id of another branch',
      from: FROM,
      to: route({
        second: `${AUDIT("'x'")}\n            - id: rounded\n              map: { value: '1' }`,
      }),
      line: "id: rounded\n              map: { value: '1' }",
      hint: /rounded.*taken/s,
    },
    {
      what: 'a misspelt field of a route',
      from: FROM,
      to: route({}).replace('      branches:\n', '      branchs:\n'),
      line: 'branchs:',
      hint: /branchs.*branches/s,
    },
  ],
})
