// Each mistake in types gives one diagnostic, at what is wrong, in words that help; one run of TypeScript answers all cases.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import { CODES } from '../../../workers/core/codes.ts'
import * as handOvers from './cases/hand-overs.ts'
import * as values from './cases/values.ts'
import { check, edited, marked, project, shown, type Project } from './project.ts'

const CASES = [...Object.values(values), ...Object.values(handOvers)].flat().map((one, index) => {
  const name = `case_${index}`
  return { ...one, file: `pipelines/${name}.yaml`, ...marked(edited(one.edits, name)) }
})

let shop: Project
let said: readonly Diagnostic[]

beforeAll(async () => {
  shop = project(Object.fromEntries(CASES.map(({ file, yaml }) => [file, yaml])))
  said = (await check(shop.root)).diagnostics
})
afterAll(() => shop.remove())

describe('one mistake, one diagnostic', () => {
  test.each(CASES)('$what: $code', ({ file, yaml, place, code, says }) => {
    const found = said.filter((one) => one.file === file)
    expect(found.map((one) => ({ code: one.code, ...shown(yaml, one) }))).toEqual([
      { code, ...place },
    ])
    for (const words of says) expect(`${found[0]?.message} (${found[0]?.hint})`).toContain(words)
  })

  test('nothing is said of files that are right', () => {
    const files = new Set(CASES.map(({ file }) => file))
    expect(said.filter(({ file }) => !files.has(file))).toEqual([])
  })

  test('each code is shown', () => {
    const codes = Object.keys(CODES).filter((code) => code >= 'SLU0330' && code < 'SLU0350')
    const elsewhere = new Set(['SLU0339', 'SLU0343'])
    const inCases = new Set<string>(CASES.map(({ code }) => code))
    expect(codes.filter((code) => !inCases.has(code) && !elsewhere.has(code))).toEqual([])
  })
})
