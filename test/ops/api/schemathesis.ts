// `npm run fuzz:api`: schemathesis against `sluice ops --embedded`, from the document that it serves. Takes the one on the PATH, else installs it for itself.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const VERSION = '4.32.5'
const ROOT = resolve(import.meta.dirname, '../../..')

function schemathesis(): string {
  if (spawnSync('schemathesis', ['--version']).status === 0) return 'schemathesis'
  const folder = join(homedir(), '.cache/sluice', `schemathesis-${VERSION}`)
  const program = join(folder, 'bin/schemathesis')
  if (!existsSync(program)) {
    console.error(`installing schemathesis ${VERSION} into ${folder}`)
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`], {
      stdio: 'inherit',
    })
  }
  return program
}

const program = schemathesis()
const ops = spawn(
  process.execPath,
  [
    join(ROOT, 'bin/sluice.js'),
    'ops',
    '--embedded',
    '--port=0',
    '--format=json',
    `--project=${ROOT}`,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const ended = new Promise<void>((done) => ops.on('close', () => done()))
const line = await new Promise<string>((done, failed) => {
  ops.stdout.once('data', (chunk: Buffer) => done(String(chunk)))
  ops.on('close', (code) => failed(new Error(`sluice ops ended with ${code}`)))
})
const { url } = JSON.parse(line.split('\n')[0] ?? '') as { url: string }
const { status } = spawnSync(
  program,
  ['run', `${url}/openapi.json`, '--checks=all', '--max-examples=100', ...process.argv.slice(2)],
  // It remembers its runs in the folder where it is started.
  { stdio: 'inherit', cwd: mkdtempSync(join(tmpdir(), 'schemathesis-')) },
)
ops.kill('SIGTERM')
await ended
process.exitCode = status ?? 1
