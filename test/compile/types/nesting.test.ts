// What routes and splits say of the event and its items: to handlers that they call, and about the kinds that no branch takes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { generate, write as writeGenerated } from '../../../workers/compile/typegen.ts'
import { check, edited, project, type Project } from './project.ts'

let shop: Project
afterEach(() => shop.remove())

const STEPS = /steps:[^]*(?=failure:)/

/** The shop's pipeline with a route and nothing else. */
const routed = (branches: string, otherwise: string) =>
  edited([["when: event.data.kind === 'placed'\n", '']], 'billing').replace(
    STEPS,
    () => `steps:
  - id: by_kind
    route:
      branches:
${branches}
      otherwise: ${otherwise}
`,
  )

const branch = (when: string, id: string, input = '{ amount: 1, customer: 1 }') =>
  `        - when: ${when}\n          steps: [{ id: ${id}, call: { handler: score, input: '${input}' } }]`

const PLACED = branch(
  "event.data.kind === 'placed'",
  'placed',
  '{ amount: event.data.total, customer: event.data.customer.id }',
)
const CANCELLED = branch("event.data.kind === 'cancelled'", 'cancelled')
const FAIL = '{ fail: a kind that nobody knows }'

const inputOf = (handler: string) =>
  /export type \w+Input = .*/.exec(
    readFileSync(join(shop.root, `workers/generated/handlers/${handler}.ts`), 'utf8'),
  )?.[0]

const said = async (yaml: string) => {
  shop = project({ 'pipelines/billing.yaml': yaml })
  return (await check(shop.root)).diagnostics.map(
    ({ severity, code, line, column, message, hint }) =>
      `${severity} ${code} ${line}:${column} ${message} | ${hint}`,
  )
}

test('a kind without a branch is a warning where each is to have one', async () => {
  expect(await said(routed(PLACED, FAIL))).toEqual([
    'warning SLU0536 10:20 no branch of "by_kind" takes messages whose event.data.kind is cancelled | add a branch for each, or write otherwise: { steps: [] } if nothing is to happen to them',
  ])
})

test.each([
  ['every kind has its branch', routed(`${PLACED}\n${CANCELLED}`, FAIL)],
  ['the rest is to be passed over', routed(PLACED, '{ steps: [] }')],
  [
    'conditions ask for more than the kind',
    routed(branch("event.data.kind === 'placed' && event.data.total > 1", 'placed'), FAIL),
  ],
  ['nobody can list all values', routed(branch("event.data.order_id === 'x'", 'placed'), FAIL)],
])('nothing is said where %s', async (_what, yaml) => {
  expect(await said(yaml)).toEqual([])
})

test('a branch that no message can take is refused', async () => {
  expect(await said(routed(`${PLACED}\n${branch("'false'", 'never')}`, FAIL))).toEqual([
    'error SLU0535 10:17 no message takes this branch of "by_kind" | remove the branch, or mend the condition',
  ])
})

test('a handler that is called in a branch is given what is left there', async () => {
  const yaml = routed(
    branch("event.data.kind === 'cancelled'", 'first', '({ event: event.data })').replace(
      /\{ event: event\.data \}/,
      'event.data',
    ),
    '{ steps: [{ id: second, call: { handler: quote, input: event.data } }] }',
  )
  shop = project({ 'pipelines/billing.yaml': yaml })
  writeGenerated(shop.root, await generate(shop.root))
  expect([inputOf('score'), inputOf('quote')]).toEqual([
    'export type ScoreInput = Cancelled',
    'export type QuoteInput = Placed',
  ])
})

test('a handler that is called for each item is given an item', async () => {
  const yaml = edited([], 'billing').replace(
    STEPS,
    () => `steps:
  - id: every_item
    split:
      over: event.data.items
      as: item
      steps:
        - { id: first, when: item.quantity > 1, call: { handler: score, input: '{ sku: item.sku, of: event.data.kind }' } }
        - { id: second, call: { handler: quote, input: item } }
`,
  )
  shop = project({ 'pipelines/billing.yaml': yaml })
  writeGenerated(shop.root, await generate(shop.root))
  expect([inputOf('score'), inputOf('quote')]).toEqual([
    'export type ScoreInput = {',
    'export type QuoteInput = Item',
  ])
})

test('what is no list is said where it stands', async () => {
  const over = (list: string) =>
    edited([], 'billing').replace(
      STEPS,
      () => `steps:
  - id: every_item
    split: { over: ${list}, as: item, steps: [{ id: twice, map: { value: item.length } }] }
`,
    )
  expect(await said(over('event.data.customer'))).toEqual([
    expect.stringMatching(
      /^error SLU0537 7:20 a split needs a list, and "event.data.customer" is .*Object\.values/,
    ),
  ])
  shop.remove()
  expect(await said(over('event.data.note'))).toEqual([
    'error SLU0537 7:20 a split needs a list, and "event.data.note" is a string or undefined | name a list, or make one: ….split(",")',
  ])
})
