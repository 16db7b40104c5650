// What handlers are given, what they give back and what is wrong in them: their types come from schemas and pipelines.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { generate, write as writeGenerated } from '../../../workers/compile/typegen.ts'
import { check, edited, project, SCHEMAS, write, type Project } from './project.ts'

let shop: Project
afterEach(() => shop.remove())

const said = async () =>
  (await check(shop.root)).diagnostics.map(
    ({ severity, code, file, line, column, message }) =>
      `${severity} ${code} ${file}:${line}:${column} ${message}`,
  )

async function types(): Promise<void> {
  writeGenerated(shop.root, await generate(shop.root))
}

const generated = (handler: string) =>
  readFileSync(join(shop.root, `workers/generated/handlers/${handler}.ts`), 'utf8')

/** Without the lines that name files. */
const declarations = (handler: string) =>
  generated(handler)
    .split('\n')
    .filter((line) => line.startsWith('export') || line.startsWith(' ') || line.startsWith('}'))
    .filter((line) => !line.startsWith(' *'))
    .join('\n')

const TYPED = `import type { Quote } from '../generated/handlers/quote.ts'
const quote: Quote = (order) => ({
  amount: order.items.reduce((sum, item) => sum + item.price * item.quantity, 0),
  currency: 'EUR',
})
export default quote
`

test('a mistake in a handler is said once, where it is', async () => {
  shop = project({ 'pipelines/billing.yaml': edited([['call: quote', 'call: typo']], 'billing') })
  expect(await said()).toEqual([
    "error SLU0339 workers/handlers/typo.ts:2:26 TS2551: Property 'order_idd' does not exist on type '{ order_id: string; }'. Did you mean 'order_id'?",
  ])
})

test.each(['{}', '{"type":"module"}', '{"type":"commonjs"}'])(
  'handlers are modules, as Node takes them: package.json is %s',
  async (text) => {
    shop = project({
      'package.json': text,
      'pipelines/billing.yaml': edited([], 'billing'),
      'workers/handlers/factor.json': '{ "factor": 2 }',
      'workers/handlers/quote.ts': `import { readFileSync } from 'node:fs'
import table from './factor.json' with { type: 'json' }
await Promise.resolve(readFileSync)
export default () => ({ amount: table.factor, currency: 'EUR' as const })
`,
    })
    expect(await said()).toEqual([])
  },
)

test('a handler that is wrong for its cache is wrong once, however often it is called', async () => {
  const wrong: [string, string][] = [['call: quote', 'call: free']]
  shop = project({
    'pipelines/a.yaml': edited(wrong, 'a'),
    'pipelines/b.yaml': edited(wrong, 'b'),
  })
  expect((await said()).map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
    'error SLU0338 pipelines/a.yaml:10:21',
  ])
})

test('what a condition leaves of an event is what the handler is given, and the cache says what it needs', async () => {
  shop = project({ 'pipelines/billing.yaml': edited([], 'billing') })
  await types()
  expect(declarations('quote')).toBe(
    [
      'export type QuoteInput = Placed',
      'export type QuoteOutput = Price',
      'export type Quote = Handler<QuoteInput, QuoteOutput>',
    ].join('\n'),
  )
  expect(generated('quote')).toContain("import type { Placed } from '../events/order.ts'\n")
  expect(generated('quote')).toContain("import type { Price } from '../values/price.ts'\n")
  expect(generated('quote')).toContain(' * - pipelines/billing.yaml, step "price"\n')
})

test('an input that is made up; a result that nobody prescribes', async () => {
  shop = project({ 'pipelines/billing.yaml': edited([], 'billing') })
  await types()
  expect(declarations('score').replace(/\s+/g, ' ')).toBe(
    'export type ScoreInput = { amount: number; customer: number; } export type Score<Output> = Handler<ScoreInput, Output>',
  )
})

test('a handler of several pipelines takes what each of them gives, and gives what each of them needs', async () => {
  shop = project({
    'pipelines/billing.yaml': edited([], 'billing'),
    'pipelines/rating.yaml': edited(
      [
        ['in: prices', 'in: ratings'],
        ['call: quote, input: event.data }', 'call: quote, input: event }'],
        ['when: price.amount > 100', 'when: price !== null'],
        ["risk?.level === 'high'", 'price === null'],
      ],
      'rating',
    ),
  })
  await types()
  expect(declarations('quote')).toContain('export type QuoteInput = Envelope<Placed> | Placed')
  expect(declarations('quote')).toContain('export type QuoteOutput = Price & (Rating | null)')
})

test('types of one name stay apart', async () => {
  const other = { ...SCHEMAS['values/price'], title: 'Placed' }
  shop = project({
    'pipelines/billing.yaml': edited([], 'billing'),
    'schemas/values/price.json': JSON.stringify(other),
  })
  await types()
  expect(generated('quote')).toContain(
    "import type { Placed as Placed2 } from '../values/price.ts'",
  )
  expect(declarations('quote')).toContain('export type QuoteOutput = Placed2')
})

test('a handler that is yet to be written has its types already', async () => {
  shop = project({
    'pipelines/billing.yaml': edited([['call: quote', 'call: not-yet']], 'billing'),
  })
  await types()
  expect(declarations('not-yet')).toContain(
    'export type NotYet = Handler<NotYetInput, NotYetOutput>',
  )
})

test('a field of a schema is renamed: the handler is wrong, at its line', async () => {
  shop = project({
    'pipelines/billing.yaml': edited([], 'billing'),
    'workers/handlers/quote.ts': TYPED,
  })
  await types()
  expect(await said()).toEqual([])

  const schema = JSON.stringify(SCHEMAS['events/order']).replaceAll('"price"', '"unit_price"')
  write(shop.root, 'schemas/events/order.json', schema)
  expect(await said()).toEqual([
    'error SLU0337 pipelines/billing.yaml:10:35 the input of handler quote lacks "price"',
    'warning SLU0343 workers/generated/events/order.ts:1:1 generated types are out of date: workers/generated/events/order.ts',
  ])

  await types()
  expect(await said()).toEqual([
    "error SLU0339 workers/handlers/quote.ts:3:56 TS2339: Property 'price' does not exist on type 'Item'.",
  ])
})

test('a pipeline gives its handler something else: the hint says that its types were not written anew', async () => {
  shop = project({
    'pipelines/billing.yaml': edited([], 'billing'),
    'workers/handlers/quote.ts': TYPED,
  })
  await types()
  const given = '{ ...event.data, items: event.data.items.length }'
  write(
    shop.root,
    'pipelines/billing.yaml',
    edited([['call: quote, input: event.data', `call: quote, input: '${given}'`]], 'billing'),
  )
  const { diagnostics } = await check(shop.root)
  const file = 'workers/generated/handlers/quote.ts'
  expect(diagnostics.map(({ code, message, hint }) => [code, message, hint])).toEqual([
    [
      'SLU0337',
      '"items" of the input of handler quote is a number, and must be a list (Item[])',
      `${file} is out of date: npx sluice types`,
    ],
    ['SLU0343', `generated types are out of date: ${file}`, 'write them again: npx sluice types'],
  ])

  await types()
  expect((await said())[0]).toContain('error SLU0339 workers/handlers/quote.ts:3:')
})

test('a field of a cached value is renamed: what the handler returns is wrong', async () => {
  shop = project({
    'pipelines/billing.yaml': edited([], 'billing'),
    'workers/handlers/quote.ts': TYPED,
  })
  const schema = JSON.stringify(SCHEMAS['values/price']).replaceAll('"amount"', '"total"')
  write(shop.root, 'schemas/values/price.json', schema)
  await types()
  expect((await said()).filter((one) => one.includes('workers/'))).toEqual([
    `error SLU0339 workers/handlers/quote.ts:2:33 TS2322: Type '{ amount: number; currency: "EUR"; }' is not assignable to type 'Price | Promise<Price>'.`,
  ])
})

test('the context: a log, a clock, chance, a signal, the message', async () => {
  const use = `import type { Score } from '../generated/handlers/score.ts'
const score: Score<{ level: 'high' | 'low'; reasons: string[] }> = async (input, ctx) => {
  ctx.log.info({ at: ctx.clock.now(), key: ctx.message.key }, 'Scored.')
  await fetch('http://localhost', { signal: ctx.signal })
  const level = ctx.random.next() > 0.5 && input.amount > 1 ? 'high' : 'low'
  return { level, reasons: [ctx.nothing] }
}
export default score
`
  shop = project({
    'pipelines/billing.yaml': edited([], 'billing'),
    'workers/handlers/score.ts': use,
  })
  await types()
  expect(await said()).toEqual([
    "error SLU0339 workers/handlers/score.ts:6:33 TS2339: Property 'nothing' does not exist on type 'HandlerContext<Readonly<Record<never, never>>>'.",
  ])
})

test('the caches that a pipeline lets a handler use, in every place where it is called', async () => {
  const use = (caches: string): [string, string][] => [
    ['load: { call: quote,', `load: { call: quote, caches: ${caches},`],
  ]
  shop = project({
    'pipelines/a.yaml': edited(use('[prices, ratings]'), 'a'),
    'pipelines/b.yaml': edited(use('[ratings]'), 'b'),
    'workers/handlers/quote.ts': `import type { Quote } from '../generated/handlers/quote.ts'
const quote: Quote = async ({ customer }, ctx) => {
  const rating = await ctx.caches.ratings.get(customer.id)
  await ctx.caches.ratings.set(customer.id, { stars: '5' })
  await ctx.caches.prices.get(customer.id)
  return { amount: rating?.stars ?? 1, currency: 'EUR' }
}
export default quote
`,
  })
  await types()
  expect(generated('quote')).toContain('export type QuoteCaches = {\n  ratings: Rating | null\n}\n')
  expect(await said()).toEqual([
    "error SLU0339 workers/handlers/quote.ts:4:47 TS2322: Type 'string' is not assignable to type 'number'.",
    "error SLU0339 workers/handlers/quote.ts:5:20 TS2339: Property 'prices' does not exist on type '{ readonly ratings: HandlerCache<Rating | null>; }'.",
  ])
})

test('types that are out of date stop nothing as long as all fits', async () => {
  shop = project({ 'pipelines/billing.yaml': edited([], 'billing') })
  await types()
  write(shop.root, 'workers/generated/values/price.ts', 'export type Price = unknown\n')
  write(shop.root, 'workers/generated/events/billed.ts', '')
  const { plan, diagnostics } = await check(shop.root)
  expect(
    diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`),
  ).toEqual([
    'warning SLU0343 generated types are out of date: workers/generated/events/billed.ts, and 1 more',
  ])
  expect(plan).toBeDefined()
})

test('the same files give the same types', async () => {
  shop = project({ 'pipelines/billing.yaml': edited([], 'billing') })
  const first = await generate(shop.root)
  writeGenerated(shop.root, first)
  expect(await generate(shop.root)).toEqual(first)
})
