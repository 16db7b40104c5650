import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFile } from '../../workers/compile/write-file.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-write-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('a file is whole, with its folder, and nothing is left beside it', () => {
  const file = join(root, '.sluice/build/a.mjs')
  writeFile(file, 'one')
  writeFile(file, 'two')
  expect(readFileSync(file, 'utf8')).toBe('two')
  expect(readdirSync(join(root, '.sluice/build'))).toEqual(['a.mjs'])
})

test('what cannot be written is named, as a fault of the environment', () => {
  writeFileSync(join(root, '.sluice'), 'in the way')
  const file = join(root, '.sluice/build/a.mjs')
  expect(() => writeFile(file, 'one')).toThrow(
    expect.objectContaining({ code: 'SLU1107', message: expect.stringContaining(file) }),
  )
})

test('a folder that nobody can make is no reason to try for ever', () => {
  expect(() => writeFile('/proc/sluice/a.mjs', 'one')).toThrow(
    expect.objectContaining({ code: 'SLU1107' }),
  )
})

test('of what cannot be put in its place nothing is left beside it', () => {
  mkdirSync(join(root, 'a folder'))
  expect(() => writeFile(join(root, 'a folder'), 'one')).toThrow(
    expect.objectContaining({ code: 'SLU1107' }),
  )
  expect(readdirSync(root)).toEqual(['a folder'])
})
