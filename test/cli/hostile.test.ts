// `sluice check` on files that mean harm, as a process: a code, a place and exit 2, little memory, never a stack trace, never code.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { edited, FILES, FLEET, PIPELINE } from '../compile/project.ts'
import { sluice } from '../e2e/support/worker-process.ts'

const PRELOAD = resolve(import.meta.dirname, '../support/report-peak.ts')
const MOST_MIB = 100

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-hostile-'))
  for (const [file, text] of Object.entries(FILES)) write(file, text)
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

async function check() {
  const peak = join(root, 'peak')
  const env = { NODE_OPTIONS: `--import=${PRELOAD}`, PEAK_FILE: peak, NO_COLOR: '1' }
  const { code, stdout, stderr } = await sluice(['check', '--project', root], env).finished
  return { code, stdout, stderr, peakMiB: Number(readFileSync(peak, 'utf8')) / 1_024 }
}

const anchors = Array.from(
  { length: 9 },
  (_, n) =>
    `a${n}: &a${n} [${
      n === 0
        ? 'x'
        : Array(9)
            .fill(`*a${n - 1}`)
            .join(', ')
    }]\n`,
)

test.each([
  ['5,000 brackets', 'pipelines/fleet.yaml', `fleet: ${'['.repeat(5_000)}`, 'SLU0103'],
  ['a bomb of anchors', 'pipelines/fleet.yaml', anchors.join(''), 'SLU0106'],
  ['ten megabytes', 'pipelines/fleet.yaml', 'a'.repeat(10_000_000), 'SLU0101'],
  [
    'keys of prototypes',
    'pipelines/fleet.yaml',
    edited('topics:\n', 'topics:\n  __proto__: { polluted: yes }\n', FLEET),
    'SLU0',
  ],
  [
    'a tag that runs code elsewhere',
    'pipelines/fleet.yaml',
    FLEET.replace('fleet: shop', 'fleet: !!js/function "function(){}"'),
    'SLU0106',
  ],
  [
    'a merge of very many',
    'pipelines/fleet.yaml',
    `a: &a { b: 1 }\nc:\n  <<: [${Array(10_000).fill('*a').join(', ')}]\n`,
    'SLU0106',
  ],
  [
    'a secret in clear',
    'pipelines/fleet.yaml',
    edited('password: { secret: RABBITMQ_PASSWORD }', 'password: hunter2', FLEET),
    'SLU0209',
  ],
  [
    'a secret in clear, on lines of its own',
    'pipelines/fleet.yaml',
    edited(
      'work: { rabbitmq: { host: localhost, password: { secret: RABBITMQ_PASSWORD } } }',
      'work:\n    rabbitmq:\n      password: |\n        hunter2\n      hst: hunter\n',
      FLEET,
    ),
    'SLU0209',
  ],
  [
    'an expression of brackets',
    'pipelines/billing.yaml',
    edited('event.data.total > 0', '('.repeat(20_000), PIPELINE),
    'SLU04',
  ],
  [
    'an expression that asks for the process',
    'pipelines/billing.yaml',
    edited(
      'event.data.total > 0',
      "event.constructor.constructor('return process')().exit(0)",
      PIPELINE,
    ),
    'SLU04',
  ],
  [
    'a pattern for years',
    'schemas/events/order.json',
    '{"type":"object","properties":{"total":{"type":"number"},"a":{"type":"string","pattern":"^(a+)+$"}}}',
    'SLU0316',
  ],
  [
    'a schema of the web',
    'schemas/events/order.json',
    '{"$ref":"http://127.0.0.1:1/schema.json"}',
    'SLU0307',
  ],
  [
    'a schema without end',
    'schemas/events/order.json',
    `${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}`,
    'SLU0307',
  ],
])('%s', async (_what, file, text, expected) => {
  const usual = await check()
  write(file, text)
  const { code, stdout, stderr, peakMiB } = await check()
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
  expect(stdout).toMatch(
    new RegExp(`^${file.replace('.', '\\.')}:\\d+:\\d+ {2}error ${expected}`, 'm'),
  )
  expect(stdout).not.toMatch(/^\s+at .*[:(]\d+/m)
  expect(stdout).not.toContain('hunter2')
  expect(peakMiB - usual.peakMiB).toBeLessThan(MOST_MIB)
})
