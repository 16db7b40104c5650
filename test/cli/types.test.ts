// What `check` refuses, `run`, `apply`, `send` and `demo` refuse as well; without TypeScript they start, and `check` says so.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const SLUICE = join(ROOT, 'bin/sluice.js')

let root: string

/** The product's own fleet, in a folder of its own. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
  for (const folder of [
    'pipelines',
    'schemas',
    'workers/handlers',
    'workers/generated',
    'workers/core',
  ])
    cpSync(join(ROOT, folder), join(root, folder), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
})
afterAll(() => rmSync(root, { recursive: true }))

const hidden = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module'
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('typescript')) throw new Error('not installed')
    return next(specifier, context)
  },
})`)}`

function sluice(args: readonly string[], { typescript = true } = {}) {
  const flags = typescript ? [] : ['--import', hidden]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, SLUICE, '--project', root, ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

/** Runs with a slip in the pipeline. */
function withSlip<T>(work: () => T): T {
  const file = join(root, 'pipelines/predictions.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('event.data.features', 'event.data.featurs'))
  try {
    return work()
  } finally {
    writeFileSync(file, text)
  }
}

const RUN = ['run', 'predictions', '--embedded', '--until-idle', '--format', 'json']

describe('a slip in a field', () => {
  test('is one error at its line that names the field', () => {
    const { status, stdout } = withSlip(() => sluice(['check', '--format', 'json']))
    const { version, diagnostics } = JSON.parse(stdout) as {
      version: number
      diagnostics: { code: string; file: string; line: number; column: number; hint: string }[]
    }
    expect(version).toBe(1)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({
      severity: 'error',
      code: 'SLU0330',
      file: 'pipelines/predictions.yaml',
      line: 16,
      column: 46,
      message: '"featurs" does not exist on the data of ml_events (PredictionRequest)',
      hint: 'did you mean "features"?',
    })
    expect(status).toBe(2)
  })

  test.each([
    ['run', RUN],
    ['apply', ['apply', '--yes']],
    ['send', ['send', 'ml_events', '{}']],
    ['demo', ['demo', '--seconds', '1']],
  ])('stops %s before anything connects', (_command, args) => {
    const { status, stderr } = withSlip(() => sluice(args))
    expect(stderr).toContain('SLU0330')
    expect(stderr).not.toContain('connection')
    expect(status).toBe(2)
  })
})

describe('without TypeScript', () => {
  test('check says that types were not checked', () => {
    const { status, stdout, stderr } = sluice(['check'], { typescript: false })
    expect(stderr).toContain('SLU1130 TypeScript 7 is not installed')
    expect(stderr).toContain('npm ci')
    expect(stdout).not.toContain('no mistakes found')
    expect(status).toBe(3)
  })

  test('check says what it can all the same', () => {
    const broken = join(root, 'pipelines/broken.yaml')
    writeFileSync(broken, 'pipeline: broken\n')
    try {
      const { status, stdout } = sluice(['check'], { typescript: false })
      expect(stdout).toContain('SLU0202')
      expect(status).toBe(2)
    } finally {
      rmSync(broken)
    }
  })

  test('types says that it needs it', () => {
    const { status, stderr } = sluice(['types'], { typescript: false })
    expect(stderr).toContain('SLU1130')
    expect(status).toBe(3)
  })

  test('run starts', () => {
    const { status, stdout } = withSlip(() => sluice(RUN, { typescript: false }))
    expect(JSON.parse(stdout)).toMatchObject({ pipelines: { predictions: { accepted: 0 } } })
    expect(status).toBe(0)
  })
})

test('a fleet that is right passes, and generated types are up to date', () => {
  expect(sluice(['check'])).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d+ pipelines, no mistakes found\n$/),
    stderr: '',
  })
  const { status, stdout } = sluice(['types', '--check'])
  expect(stdout).toContain('files are up to date')
  expect(status).toBe(0)
})
