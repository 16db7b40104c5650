// No false alarms: nothing is said of pipelines that are right, however they are written.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CompiledFleet } from '../../../workers/compile/compile.ts'
import { FOLDER } from '../../../workers/compile/types/folder.ts'
import { findTsc, runTsc } from '../../../workers/compile/types/tsc.ts'
import { RIGHT } from './cases/right.ts'
import { check, edited, project, type Project } from './project.ts'

const CASES = Object.entries(RIGHT).map(([what, edits], index) => ({
  what,
  file: `pipelines/right_${index}.yaml`,
  yaml: edited(edits, `right_${index}`),
}))

let shop: Project
let checked: CompiledFleet

beforeAll(async () => {
  shop = project(Object.fromEntries(CASES.map(({ file, yaml }) => [file, yaml])))
  checked = await check(shop.root)
})
afterAll(() => shop.remove())

describe('nothing is said of', () => {
  test.each(CASES)('$what', ({ file }) => {
    expect(checked.diagnostics.filter((one) => one.file === file)).toEqual([])
  })

  test('and each of them may run', () => {
    expect(Object.keys(checked.plan?.pipelines ?? {})).toHaveLength(CASES.length)
  })

  test('the modules that are made of them: what is wrong there would be said of nothing', async () => {
    const tsc = await findTsc()
    expect(runTsc(tsc as string, join(shop.root, FOLDER)).said).toEqual([])
  })

  test('any other file', () => {
    const files = new Set(CASES.map(({ file }) => file))
    expect(checked.diagnostics.filter(({ file }) => !files.has(file))).toEqual([])
  })
})
