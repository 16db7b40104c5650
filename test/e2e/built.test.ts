// The built tree runs as the image runs it: only its packages beside it, as nobody, without a right to write; and is stopped by SIGTERM.
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTopics, produce, readTopic, topicSize } from './support/brokers-io.ts'
import { until } from './support/worker-process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)
const EVENTS = 300

let folder: string
let app: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-built-'))
  app = join(folder, 'app')
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const sluice = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'bin/sluice.js'), ...args], { cwd: ROOT })

/** As `USER 65532` and `no-new-privileges` have it, where this user may become another one. */
function asNobody(command: readonly string[]): string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [...command]
  const rights = ['--reuid=65532', '--regid=65532', '--clear-groups', '--no-new-privs']
  return ['setpriv', ...rights, ...command]
}

function healthCheck(port: number): string[] {
  const dockerfile = readFileSync(join(ROOT, 'infra/Dockerfile'), 'utf8')
  const [, command = '[]'] = /HEALTHCHECK [^]*?CMD (\[.*\])/.exec(dockerfile) ?? []
  const [, ...args] = JSON.parse(command.replace('9400', String(port))) as string[]
  return args
}

test('built, given its packages, started without a compiler', { timeout: 240_000 }, async () => {
  const built = await sluice('build', '--out', app, '--format', 'json')
  const { version, out, pipelines } = JSON.parse(built.stdout) as Record<string, unknown>
  expect([version, out, pipelines]).toEqual([1, app, expect.arrayContaining(['predictions'])])
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(join(ROOT, file), join(folder, file))
  const omit = ['--omit=dev', '--omit=optional', '--ignore-scripts']
  await run('npm', ['ci', ...omit], { cwd: folder })
  await run('chmod', ['-R', 'a+rX', folder])
  await expect(run('test', ['-e', join(folder, 'node_modules/typescript')])).rejects.toThrow()

  const prefix = `built-${randomUUID().slice(0, 8)}.`
  const topic = (name: string) => `${prefix}${name}`
  await createTopics([
    { topic: topic('ml_events'), numPartitions: 4 },
    { topic: topic('prediction_results'), numPartitions: 4 },
    { topic: topic('ml_events.dlq'), numPartitions: 1 },
  ])
  await produce(
    topic('ml_events'),
    Array.from({ length: EVENTS }, (_, n) => ({
      key: `user-${n % 20}`,
      value: Buffer.from(
        JSON.stringify({
          event_id: `e${n}`,
          event_type: 'prediction_request',
          timestamp: '2026-01-01T00:00:00Z',
          model_id: 'sales_model_v1',
          features: { user_id: n % 20, product_id: n % 7 },
        }),
      ),
    })),
  )
  const [program = '', ...args] = asNobody([
    process.execPath,
    join(app, 'bin/sluice.js'),
    'run',
    'predictions',
    '--built',
    app,
    '--format',
    'json',
  ])
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...process.env, SLUICE_PREFIX: prefix },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  const ended = new Promise<number | null>((done) => child.on('close', done))
  try {
    await until('all results are there', async () => {
      if (child.exitCode !== null) throw new Error(stderr)
      return (await topicSize(topic('prediction_results'))) >= EVENTS
    })
    const probes = Number(/"probes":(\d+),"msg":"The worker runs/.exec(stderr)?.[1])
    await run(process.execPath, healthCheck(probes))
    await expect(run(process.execPath, healthCheck(1))).rejects.toThrow()
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended, stderr).toBe(0)
  // Who produces repeats what a topic without leaders half took.
  const there = await topicSize(topic('ml_events'))
  expect(JSON.parse(stdout)).toMatchObject({
    pipelines: { predictions: { accepted: there, acked: there } },
  })
  const results = (await readTopic(topic('prediction_results'))).map(
    ({ value }) => (JSON.parse(String(value)) as { event_id: string }).event_id,
  )
  expect(new Set(results).size).toBe(EVENTS)
  await looksAt(prefix)
})

/** The operations API from the same tree, as the Compose file starts it. */
async function looksAt(prefix: string): Promise<void> {
  const token = randomUUID()
  const [program = '', ...args] = asNobody([process.execPath, join(app, 'bin/sluice.js'), 'ops'])
  const options = ['--built', app, '--host', '0.0.0.0', '--port', '0', '--format', 'json']
  const child = spawn(program, [...args, ...options], {
    cwd: '/',
    env: {
      ...process.env,
      SLUICE_PREFIX: prefix,
      SLUICE_OPS_TOKEN: token,
      SLUICE_PROFILE: 'production',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  try {
    const line = await new Promise<string>((done) =>
      child.stdout.once('data', (chunk: Buffer) => done(String(chunk))),
    )
    const { port } = new URL((JSON.parse(line) as { url: string }).url)
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}/api/v1/infrastructure/${path}`, { headers })
    const authorization = `Bearer ${token}`
    expect((await ask('kafka/health', {})).status).toBe(401)
    expect((await ask('kafka/health', { authorization })).status).toBe(200)
    // What alerts become is a part of the tree.
    const accept = 'text/plain'
    const metrics = await (await ask('metrics', { authorization, accept })).text()
    expect(metrics).toContain('sluice_alerts_pending 0')
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toBe(0)
}

test('it deletes nothing that it has not built, and runs nothing else', async () => {
  const said = async (...args: string[]) => {
    const { code, stderr } = (await sluice(...args).catch((error: unknown) => error)) as {
      code: number
      stderr: string
    }
    return { code, stderr }
  }
  const foreign = join(folder, 'mine')
  cpSync(join(ROOT, 'schemas/commands'), foreign, { recursive: true })
  expect(await said('build', '--out', foreign)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('SLU1008'),
  })
  expect(await said('run', '--built', foreign)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^SLU1006 .*plan\.json holds no plan/m),
  })
  expect(await said('build', '--project', join(ROOT, 'test/e2e/fleet'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('SLU1009'),
  })
})
