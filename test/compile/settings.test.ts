// Settings and secrets: names in the plan, values only when a worker starts, and a clear word when they are wrong.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import type { FleetPlan, KafkaPlan, Setting } from '../../workers/core/plan.ts'
import { resolveSetting, settingOf, variableProblem } from '../../workers/compile/settings.ts'
import { bytes, milliseconds } from '../../workers/compile/units.ts'
import { compile, faults, FLEET } from './project.ts'

const at = { file: 'pipelines/fleet.yaml', line: 4, column: 9 }
const text = (value: string) => settingOf<string>(value, 'string', at)
const port = (value: string) => settingOf<number>(value, 'number', at, { between: [1, 65_535] })

function failure<T>(setting: Setting<T>, env: Record<string, string>): string {
  try {
    return `resolved: ${String(resolveSetting(setting, env))}`
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return `${error.code} ${error.message}`
  }
}

describe('a setting', () => {
  test.each([
    ['${A}', { A: 'x' }, 'x'],
    ['${A:-d}', {}, 'd'],
    ['${A:-d}', { A: '' }, 'd'],
    ['${A:-}', {}, ''],
    ['${A}-${B:-b}', { A: 'a' }, 'a-b'],
    ['plain', { plain: 'no' }, 'plain'],
    ['${A}', { A: '${B}', B: 'never' }, '${B}'],
    ['${A}', { A: '{ yaml: [1' }, '{ yaml: [1'],
    ['${A}', { A: '$& $1 $$' }, '$& $1 $$'],
  ])('%s with %j is %s', (written, env, value) => {
    expect(resolveSetting(text(written), env as Record<string, string>)).toBe(value)
  })

  test('names the variable and the line when it is missing or wrong', () => {
    expect(failure(text('${HOST}'), {})).toBe(
      'SLU1102 HOST is not set; pipelines/fleet.yaml:4 reads it',
    )
    expect(failure(text('${HOST}'), { HOST: 'a\nb' })).toMatch(
      /^SLU1103 .*fleet\.yaml:4 needs a text without line breaks/,
    )
    expect(failure(port('${PORT}'), { PORT: 'tcp://10.0.0.1:5672' })).toBe(
      'SLU1103 pipelines/fleet.yaml:4 needs a whole number, and ${PORT} gives "tcp://10.0.0.1:5672"',
    )
    for (const value of ['0', '65536', '99999999'])
      expect(failure(port('${PORT}'), { PORT: value })).toMatch(
        /^SLU1103 .* a number from 1 to 65535/,
      )
    for (const value of ['-1', '1e3', '0x50', '5672.5', ' ', '5672 '])
      expect(failure(port('${PORT}'), { PORT: value })).toMatch(/^SLU1103 .* a whole number/)
    expect(resolveSetting(port('${PORT:-5672}'), {})).toBe(5672)
  })

  test('gives the variable as it is, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        fc.pre(!/\p{Cc}/u.test(value))
        expect(resolveSetting(text('<${A}>'), { A: value })).toBe(`<${value}>`)
      }),
    )
  })

  test.each([
    '${',
    '${}',
    '${1A}',
    '${A-b}',
    '${A:b}',
    '${env:HOME}',
    '${file:../../etc/shadow}',
    '${A',
    '${${A}}',
  ])('%s is none', (written) => expect(variableProblem(written)).toBeDefined())
})

describe('profile and prefix', () => {
  const written = FLEET.replace('fleet: shop', "fleet: shop\nprofile: '${P}'\nprefix: '${X:-}'")
  const { plan } = compile({ 'pipelines/fleet.yaml': written })

  test.each([
    ['production', 'resolved: production'],
    [
      'prod',
      'SLU1103 pipelines/fleet.yaml:2 needs development or production, and ${P} gives "prod"',
    ],
  ])('profile %s', (P, said) => expect(failure(plan?.profile ?? text('${P}'), { P })).toBe(said))

  test.each([
    ['staging.', 'resolved: staging.'],
    [
      'a/b',
      'SLU1103 pipelines/fleet.yaml:3 needs at most 40 letters, digits, ".", "_" and "-", and ${X:-} gives "a/b"',
    ],
  ])('prefix %s', (X, said) => expect(failure(plan?.prefix ?? text('${X}'), { X })).toBe(said))

  test('a default that can never be used', () => {
    const wrong = written.replace('${P}', '${P:-prod}')
    expect(faults(compile({ 'pipelines/fleet.yaml': wrong }))).toEqual(['fleet.yaml:2:1 SLU0210'])
  })
})

test('a broker list that is none is said before anything connects, and never with its password', () => {
  const written = FLEET.replace("'localhost:9092'", "'${B}'")
  const { plan } = compile({ 'pipelines/fleet.yaml': written })
  const { brokers } = (plan as FleetPlan).connections['events'] as KafkaPlan
  expect(failure(brokers, { B: 'a:9092, b:9092' })).toBe('resolved: a:9092, b:9092')
  expect(failure(brokers, { B: 'user:hunter2@a:9092' })).toBe(
    'SLU1103 pipelines/fleet.yaml:3 needs host:port, several with commas between, and ${B} gives "***@a:9092"',
  )
  const empty = FLEET.replace("'localhost:9092'", "'${B:-}'")
  expect(faults(compile({ 'pipelines/fleet.yaml': empty }))).toEqual(['fleet.yaml:3:22 SLU0210'])
})

test('the plan holds no value of the environment, and no secret', () => {
  process.env['SLUICE_TEST_VALUE'] = 'seen-in-the-environment'
  try {
    const { plan } = compile({
      'pipelines/fleet.yaml': FLEET.replace(
        'redis: { host: localhost',
        "redis: { host: '${SLUICE_TEST_VALUE}', password: { secret: SLUICE_TEST_VALUE, optional: true }",
      ),
    })
    expect(plan?.connections['hot']).toMatchObject({
      host: { text: '${SLUICE_TEST_VALUE}', as: 'string' },
      password: { secret: 'SLUICE_TEST_VALUE', optional: true },
    })
    expect(JSON.stringify(plan)).not.toContain('seen-in-the-environment')
  } finally {
    delete process.env['SLUICE_TEST_VALUE']
  }
})

test('durations and sizes', () => {
  expect(['200ms', '30s', '30m', '1h', '1d'].map(milliseconds)).toEqual([
    200, 30_000, 1_800_000, 3_600_000, 86_400_000,
  ])
  expect(['12', '512B', '1KiB', '1MiB', '2GiB'].map(bytes)).toEqual([
    12, 512, 1024, 1_048_576, 2_147_483_648,
  ])
  for (const wrong of ['5', '5 s', '-1s', '1.5s', '1e9d', 's', '', '1S', '١s'])
    expect(milliseconds(wrong)).toBeNaN()
  for (const wrong of ['1MB', '1 MiB', '-1', '1e3', '', 'MiB']) expect(bytes(wrong)).toBeNaN()
})

test('what a broker keeps may be as large as it can count', () => {
  const { plan, diagnostics } = compile({
    'pipelines/fleet.yaml': FLEET.replace(
      'billed: { in: events,',
      'billed: { in: events, retention: { bytes: 10GiB },',
    ).replace('alerts: { in: work,', 'alerts: { in: work, limit: { bytes: 999999GiB },'),
  })
  expect(diagnostics).toEqual([])
  expect(plan?.topics['billed']?.retention).toEqual({ bytes: 10 * 1024 ** 3 })
  expect(plan?.queues['alerts']?.limit?.bytes).toBe(999_999 * 1024 ** 3)
})
