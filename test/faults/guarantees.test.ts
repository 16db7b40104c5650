// docs/guarantees.md and the suite say the same: every fault is run, or it is said why not and what shows it instead.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ELSEWHERE } from './elsewhere.ts'
import { matrix } from './matrix/scenarios.ts'
import { PROFILES } from './profile.ts'
import { SCENARIOS } from './scenarios/index.ts'
import { pairs } from './scenarios/pairs.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const all = [...matrix(PROFILES.nightly), ...SCENARIOS, ...pairs(PROFILES.nightly)]

test('each fault of the catalogue has a scenario, or a reason', () => {
  const known = new Set([...all, ...ELSEWHERE].map(({ fault }) => fault))
  const missing = Array.from({ length: 40 }, (_, n) => `F${n + 1}`).filter((f) => !known.has(f))
  expect(missing).toEqual([])
})

test('no two scenarios have one title', () => {
  const titles = all.map(({ fault, name }) => `${fault} ${name}`)
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([])
})

test('what is shown elsewhere is there', () => {
  const files = ELSEWHERE.flatMap(({ shownBy }) => shownBy?.match(/test\/[\w/.-]+\.ts/g) ?? [])
  expect(files.filter((file) => !existsSync(resolve(ROOT, file)))).toEqual([])
})

test('the table in docs/guarantees.md names every scenario of the brief run', () => {
  const text = readFileSync(resolve(ROOT, 'docs/guarantees.md'), 'utf8')
  const missing = SCENARIOS.filter(({ fault, name }) => !text.includes(`| ${fault} ${name}`))
  expect(missing.map(({ fault, name }) => `${fault} ${name}`)).toEqual([])
  expect(text).not.toContain('✗')
})
