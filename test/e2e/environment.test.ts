// What a user sees when the project or the environment is wrong: all mistakes and exit 2 before anything connects, exit 3 for a broker away.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FLEET, sluice } from './support/worker-process.ts'

let project: string
beforeEach(async () => {
  // Beside the fleet: handlers name the product by relative paths.
  project = await mkdtemp(join(import.meta.dirname, 'tmp-'))
  await cp(FLEET, project, { recursive: true })
})
afterEach(() => rm(project, { recursive: true }))

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(project, file)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(from)
  await writeFile(path, text.replace(from, to))
}

describe('an invalid project', () => {
  beforeEach(async () => {
    await edit('pipelines/scoring.yaml', 'window: 10000', 'windw: 10000')
    await edit('pipelines/scoring.yaml', 'topic: requests,', 'topic: request,')
    await edit('pipelines/scoring.yaml', 'order: key', 'order: key\norder: none')
    await edit('pipelines/scoring.yaml', 'concurrency: 256', 'concurrency: many')
    await edit('pipelines/scoring.yaml', 'handler: admit', 'handler: admitt')
  })

  test.each(['check', 'run'])(
    '%s prints every mistake with its place and exits 2',
    async (command) => {
      // A broker that nobody could reach: nothing may try.
      const env = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' }
      const { code, stdout, stderr } = await sluice([command, '--project', project], env).finished
      expect(code).toBe(2)
      const text = command === 'check' ? stdout : stderr
      const places = [
        ...text.matchAll(/^pipelines\/scoring\.yaml:(\d+):(\d+) {2}error (SLU\d+) {2}(.*)$/gm),
      ]
      expect(places.map(([, line, column, code_]) => `${line}:${column} ${code_}`)).toEqual([
        '2:16 SLU0302',
        '5:1 SLU0106',
        '6:14 SLU0203',
        '7:1 SLU0201',
        '10:22 SLU0305',
      ])
      for (const hint of ['"requests"', '"window"', '"admit"'.slice(1, -1)])
        expect(text).toContain(hint)
    },
  )

  test('check --format json is what editors and CI read', async () => {
    const { code, stdout } = await sluice(['check', '--project', project, '--format', 'json'])
      .finished
    const { version, diagnostics } = JSON.parse(stdout) as {
      version: number
      diagnostics: Record<string, unknown>[]
    }
    expect({ code, version, faults: diagnostics.length }).toEqual({
      code: 2,
      version: 1,
      faults: 5,
    })
    expect(Object.keys(diagnostics[0] ?? {})).toEqual([
      'severity',
      'code',
      'message',
      'file',
      'line',
      'column',
      'hint',
    ])
  })
})

describe('a broker that is away at start', () => {
  test.each([
    {
      variable: 'KAFKA_BOOTSTRAP_SERVERS',
      value: '127.0.0.1:1',
      address: '127.0.0.1:1',
      connection: 'events',
    },
    { variable: 'RABBITMQ_PORT', value: '2', address: '127.0.0.1:2', connection: 'work' },
  ])(
    '$variable: exit 3 after connect.within, naming host, port and line',
    async ({ variable, value, address, connection }) => {
      await edit(
        'pipelines/fleet.yaml',
        'fleet: proof',
        'fleet: proof # as it is\nconnect: { within: 1s }',
      )
      const lines = (await readFile(join(project, 'pipelines/fleet.yaml'), 'utf8')).split('\n')
      const line = 1 + lines.findIndex((text) => text.startsWith(`  ${connection}:`))
      const run = sluice(['run', '--project', project, '--until-idle'], {
        [variable]: value,
        SLUICE_PREFIX: 'away.',
      })
      const { code, stderr, stdout } = await run.finished
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toContain('SLU1101')
      for (const name of [address, `fleet.yaml:${line})`]) expect(stderr).toContain(name)
    },
  )

  test('a cache with bypass is not needed', async () => {
    const feed = join(project, 'feed.jsonl')
    const value = {
      event_id: 'e1',
      event_type: 'score_request',
      timestamp: '2026-01-01T00:00:00Z',
      model_id: 'm',
      features: { user_id: 1, product_id: 1 },
    }
    await writeFile(feed, JSON.stringify({ key: 'k', value }))
    const args = [
      'run',
      'scoring',
      '--project',
      project,
      '--feed',
      `requests=${feed}`,
      '--until-idle',
      '--format',
      'json',
    ]
    const run = sluice(args, { REDIS_PORT: '3', SLUICE_PREFIX: `bypass-${process.pid}.` })
    const { code, stdout } = await run.finished
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      pipelines: { scoring: { acked: 1 } },
      caches: { scores: { hits: 0, misses: 1, loads: 1 } },
    })
  })

  test('a variable that is needed and not set is named', async () => {
    const run = sluice(['run', '--project', project], { RABBITMQ_PASSWORD: '' })
    const { code, stderr } = await run.finished
    expect(code).toBe(3)
    expect(stderr).toContain('RABBITMQ_PASSWORD')
  })
})

test('a feed line that is no message stops everything before it starts', async () => {
  const feed = join(project, 'feed.jsonl')
  await writeFile(feed, '{"key":"k","value":1}\n{"key":1,"value":2}\n')
  const { code, stderr } = await sluice([
    'run',
    '--project',
    project,
    '--embedded',
    '--feed',
    `requests=${feed}`,
  ]).finished
  expect(code).toBe(2)
  expect(stderr).toContain(`${feed}:2`)
  expect(stderr).toContain('SLU1004')
})
