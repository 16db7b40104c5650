// Whatever stands in the folder: a diagnostic with a place, within a second, never an exception, never code.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compileFleet } from '../../workers/compile/compile.ts'
import { compile, edited, faults, FILES, FLEET, PIPELINE } from './project.ts'

const lines = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('')

/** Milliseconds: of the clock or of the processor, whichever are fewer. The machine may have others to serve, and this process a compiler beside it. */
function timed<T>(work: () => T): { result: T; ms: number } {
  const start = performance.now()
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return { result, ms: Math.min(performance.now() - start, (user + system) / 1_000) }
}

/** An ordinary fleet of the largest size takes this long here: the second time, as what follows finds everything loaded. */
function usual(): number {
  const topics = lines(4_500, (n) => `  t${n}: { in: events, schema: events/order }\n`)
  const large = { 'pipelines/fleet.yaml': FLEET.replace('topics:\n', `topics:\n${topics}`) }
  expect(faults(compile(large))).toEqual([])
  return timed(() => compile(large)).ms
}

let limit = 0
beforeAll(() => {
  limit = Math.max(1_000, 3 * usual())
})

/** Within a second; on a machine that is slow today, within three times of what is ordinary there. */
function quickly<T>(work: () => T): T {
  const { result, ms } = timed(work)
  expect(ms).toBeLessThan(limit)
  return result
}

describe('a fleet.yaml that is', () => {
  test.each([
    [
      'brackets, opened and closed',
      `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      ['1:68 SLU0103'],
    ],
    ['maps within maps', '{a: '.repeat(60_000), ['1:257 SLU0103']],
    ['lists on one line', '- '.repeat(100_000), ['1:129 SLU0103']],
    ['lists and tabs', '-\t'.repeat(100_000), ['1:129 SLU0103']],
    ['keys of keys', '? '.repeat(100_000), ['1:129 SLU0103']],
    ['anchors without end', '- &a '.repeat(20_000), ['1:3 SLU0106']],
    ['an alias to itself', 'a: &a [*a]', ['1:8 SLU0106']],
    ['an alias to nothing', 'a: *b', ['1:4 SLU0106']],
    ['an explicit type', 'fleet: !!str shop', ['1:8 SLU0106']],
    ['a binary', 'fleet: !!binary aGk=', ['1:8 SLU0106']],
    ['a tag of its own', 'fleet: !env HOME', ['1:8 SLU0106']],
    ['of another version', '%YAML 1.1\n---\nfleet: no', ['1:1 SLU0106']],
    ['of prefixes', '%TAG ! tag:x,2000:\n---\nfleet: no', ['1:1 SLU0106']],
    ['a list as a key', '? [a]\n: 1', ['1:3 SLU0106']],
    ['two documents', `${FLEET}---\nfleet: x\n`, ['16:1 SLU0105']],
    ['one NUL', `${FLEET}# \u0000`, ['16:3 SLU0102']],
    [
      'one byte that is no UTF-8',
      Buffer.concat([Buffer.from('fleet: a\nx: '), Buffer.from([0xff])]),
      ['2:4 SLU0102'],
    ],
    ['a text', 'hello', ['1:1 SLU0203']],
    ['a separator', '---\n', ['1:1 SLU0104']],
    ['megabytes', Buffer.alloc(10_000_000, 'a'), ['1:1 SLU0101']],
  ])('%s', (_what, text, places) => {
    const result = quickly(() => compile({ 'pipelines/fleet.yaml': text }))
    expect(faults(result)).toEqual(places.map((place) => `fleet.yaml:${place}`))
    expect(result.plan).toBeUndefined()
  })

  test.each([
    ['a byte order mark', `\uFEFF${FLEET}`],
    ['Windows line ends', FLEET.replaceAll('\n', '\r\n')],
    ['a marked beginning', `---\n${FLEET}`],
  ])('right, with %s', (_what, text) => {
    expect(faults(compile({ 'pipelines/fleet.yaml': text }))).toEqual([])
  })

  test('merging nothing: << is an unknown field', () => {
    const result = compile({ 'pipelines/fleet.yaml': `<<: { fleet: x }\n${FLEET}` })
    expect(faults(result)).toEqual(['fleet.yaml:1:1 SLU0201'])
  })

  test('unreadable hides no mistake of a pipeline, and makes no name wrong', () => {
    const result = compile({
      'pipelines/fleet.yaml': 'fleet: [',
      'pipelines/billing.yaml': edited('order: key', 'ordr: key', edited('event.data.sku', 'evnt')),
    })
    expect(faults(result)).toEqual([
      'fleet.yaml:1:9 SLU0106',
      'billing.yaml:4:1 SLU0201',
      'billing.yaml:9:12 SLU0403',
    ])
  })
})

describe('very many mistakes', () => {
  test.each([
    ['unknown fields', 'fleet', lines(24_000, (n) => `k${n}: 1\n`)],
    ['one key', 'fleet', FLEET + lines(24_000, () => 'fleet: 1\n')],
    [
      'names that are not there',
      'fleet',
      FLEET.replace('topics:\n', `topics:\n${lines(7_000, (n) => `  t${n}: { in: x${n} }\n`)}`),
    ],
    [
      'steps',
      'billing',
      PIPELINE.replace(
        'failure:',
        `${lines(3_500, (n) => `  - { id: s${n}, call: { handler: x, input: evnt } }\n`)}failure:`,
      ),
    ],
  ])('%s: the first are shown, and that there are more', (_what, name, text) => {
    const file = `pipelines/${name}.yaml`
    const { diagnostics } = quickly(() => compile({ [file]: text }))
    const mine = diagnostics.filter((diagnostic) => file === diagnostic.file)
    expect(mine).toHaveLength(200)
    expect(mine.filter(({ code }) => code === 'SLU0108')).toHaveLength(1)
  })

  test('and very many right steps', () => {
    const steps = lines(
      3_000,
      (n) => `  - { id: s${n}, call: { handler: quote, input: event.data } }\n`,
    )
    const text = PIPELINE.replace('failure:', `${steps}failure:`)
    const result = quickly(() => compile({ 'pipelines/billing.yaml': text }))
    expect(faults(result)).toEqual([])
  })

  test('files that are too much together', () => {
    const big = (n: number) =>
      `${PIPELINE.replace('billing', `p${n}`).replace('orders }', `orders, group: g${n} }`)}# ${'x'.repeat(250_000)}\n`
    const files = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`pipelines/p${n}.yaml`, big(n)]))
    expect(faults(quickly(() => compile(files)))).toEqual(['p5.yaml:1:1 SLU0101'])
  })
})

describe('a folder with', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sluice-hostile-'))
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
  })
  afterEach(() => rmSync(root, { recursive: true }))

  /** Reading it would wait for ever. */
  const program = 'mkfifo'
  const makePipe = (file: string) => execFileSync(program, [join(root, file)])
  const compiled = () => faults(quickly(() => compileFleet(root)))

  test('no fleet.yaml', () => {
    rmSync(join(root, 'pipelines/fleet.yaml'))
    expect(compiled()).toEqual(['fleet.yaml:1:1 SLU0107'])
  })

  test('nothing at all', () => {
    rmSync(join(root, 'pipelines'), { recursive: true })
    expect(compiled()).toEqual(['fleet.yaml:1:1 SLU0107'])
  })

  test('a folder, a pipe and a link to nothing where files should be', () => {
    mkdirSync(join(root, 'pipelines/a.yaml'))
    makePipe('pipelines/b.yaml')
    symlinkSync('/nowhere', join(root, 'pipelines/c.yaml'))
    expect(compiled()).toEqual(['a.yaml:1:1 SLU0107', 'b.yaml:1:1 SLU0107', 'c.yaml:1:1 SLU0107'])
  })

  test('a pipe where a schema should be', () => {
    rmSync(join(root, 'schemas/events/order.json'))
    makePipe('schemas/events/order.json')
    expect(compiled()).toEqual(['schemas/events/order.json:1:1 SLU0107'])
  })

  test('no handlers, and one that is a folder', () => {
    rmSync(join(root, 'workers/handlers/quote.ts'))
    mkdirSync(join(root, 'workers/handlers/quote.ts'))
    expect(compiled()).toEqual(['billing.yaml:10:21 SLU0305'])
    rmSync(join(root, 'workers'), { recursive: true })
    expect(compiled()).toEqual(['billing.yaml:10:21 SLU0305'])
  })

  test('tests of pipelines and other files beside them', () => {
    writeFileSync(join(root, 'pipelines/billing.test.yaml'), '[')
    writeFileSync(join(root, 'pipelines/notes.md'), '[')
    expect(compiled()).toEqual([])
  })

  test('a pipeline whose file is named like code', async () => {
    rmSync(join(root, 'pipelines/billing.yaml'))
    writeFileSync(join(root, 'pipelines/x\nthrow new Error("run")\n.yaml'), PIPELINE)
    const { modules, diagnostics } = compileFleet(root)
    expect(diagnostics).toEqual([])
    const source = (modules['billing'] as string).replace(/^import .*$/m, '')
    await expect(
      import(`data:text/javascript,${encodeURIComponent(source)}`),
    ).resolves.toBeDefined()
  })

  test('a broken pipeline, which makes no worker wrong', () => {
    writeFileSync(join(root, 'pipelines/billing.yaml'), 'a: [')
    expect(compiled()).toEqual(['billing.yaml:1:5 SLU0106'])
  })
})
