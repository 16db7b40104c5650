// TypeScript runs when something that it reads has changed, and only then.
import { chmodSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compileFleet } from '../../../workers/compile/compile.ts'
import { checkTypes } from '../../../workers/compile/types/check.ts'
import { findTsc } from '../../../workers/compile/types/tsc.ts'
import { edited, project, write, type Project } from './project.ts'

const FILE = 'pipelines/billing.yaml'
const RIGHT = edited([], 'billing')
const WRONG = edited([['sku: item.sku', 'sku: item.skuu']], 'billing')

let shop: Project
let counter: string

beforeEach(async () => {
  shop = project({ [FILE]: RIGHT })
  // Stands for the compiler, and leaves a line for each time it is started.
  counter = join(shop.root, 'tsc.sh')
  writeFileSync(counter, `#!/bin/sh\necho x >> "${counter}.log"\nexec "${await findTsc()}" "$@"\n`)
  chmodSync(counter, 0o755)
})
afterEach(() => shop.remove())

/** The codes that are said, and how often TypeScript was started for them. */
async function check(): Promise<readonly [codes: readonly string[], started: number]> {
  rmSync(`${counter}.log`, { force: true })
  writeFileSync(`${counter}.log`, '')
  const checked = await checkTypes(compileFleet(shop.root), () => Promise.resolve(counter))
  const started = readFileSync(`${counter}.log`, 'utf8').split('x').length - 1
  return [checked?.diagnostics.map(({ code }) => code) ?? ['none'], started]
}

const handler = (name: string) => join(shop.root, `workers/handlers/${name}.ts`)

test('nothing has changed', async () => {
  expect(await check()).toEqual([[], 1])
  expect(await check()).toEqual([[], 0])
  expect(await check()).toEqual([[], 0])
})

test('mistakes are remembered as well', async () => {
  write(shop.root, FILE, WRONG)
  expect(await check()).toEqual([['SLU0330'], 1])
  expect(await check()).toEqual([['SLU0330'], 0])
})

test('a pipeline has changed, and is as it was again', async () => {
  expect(await check()).toEqual([[], 1])
  write(shop.root, FILE, WRONG)
  expect(await check()).toEqual([['SLU0330'], 1])
  write(shop.root, FILE, RIGHT)
  expect(await check()).toEqual([[], 1])
})

test('where something stands may change without TypeScript, and is said of the new place', async () => {
  write(shop.root, FILE, WRONG)
  expect(await check()).toEqual([['SLU0330'], 1])
  write(shop.root, FILE, `# a line before all others\n${WRONG}`)
  expect(await check()).toEqual([['SLU0330'], 0])
})

test('a schema has changed', async () => {
  expect(await check()).toEqual([[], 1])
  const without = '{"type":"object","properties":{"order_id":{"type":"string"}}}'
  write(shop.root, 'schemas/events/billed.json', without)
  expect(await check()).toEqual([['SLU0333'], 1])
})

test('a handler has changed, though neither its size nor its times tell', async () => {
  expect(await check()).toEqual([[], 1])
  const code = readFileSync(handler('quote'), 'utf8')
  const times = new Date(1_000_000)
  utimesSync(handler('quote'), times, times)
  expect(await check()).toEqual([[], 0])
  writeFileSync(handler('quote'), code.replace('amount: number;', 'amount: string;'))
  utimesSync(handler('quote'), times, times)
  const [codes, started] = await check()
  expect([codes.includes('SLU0338'), started]).toEqual([true, 1])
})

test('the settings of the project have changed', async () => {
  expect(await check()).toEqual([[], 1])
  write(shop.root, 'tsconfig.json', '{"compilerOptions":{"rootDir":"src","outDir":"dist"}}')
  expect(await check()).toEqual([[], 1])
  expect(await check()).toEqual([[], 0])
})

test('a file that was missing is there: nothing that was read would tell', async () => {
  writeFileSync(handler('score'), `export { default } from './elsewhere.ts'\n`)
  expect(await check()).toEqual([['SLU0339'], 1])
  expect(await check()).toEqual([['SLU0339'], 1])
  writeFileSync(
    handler('elsewhere'),
    `export default async () => ({ level: 'high' as const, reasons: ['a'] })\n`,
  )
  expect(await check()).toEqual([[], 1])
  expect(await check()).toEqual([[], 0])
})

test.each(['', '{', '{"key":1}', 'null'])('what is remembered is broken: %j', async (text) => {
  expect(await check()).toEqual([[], 1])
  writeFileSync(join(shop.root, '.sluice/types/answer.json'), text)
  expect(await check()).toEqual([[], 1])
})

test('TypeScript is not installed', async () => {
  const checked = await checkTypes(compileFleet(shop.root), () => Promise.resolve(undefined))
  expect(checked).toBeUndefined()
})
