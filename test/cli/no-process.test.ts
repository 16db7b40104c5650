// A worker that the system does not let start has ended, and is no end of its supervisor.
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const at = (file: string) => JSON.stringify(pathToFileURL(file).href)

/** Starts one when all files are open that may be. */
const SCRIPT = `
import { openSync } from 'node:fs'
import { versionOf } from ${at('workers/cli/up/processes.ts')}
import { systemClock } from ${at('workers/core/clock.ts')}
const said = []
const plan = { root: '/', drainWithinMs: 0, workers: { billing: { replicas: 1 } } }
const parts = { clock: systemClock, host: '127.0.0.1', onLine: (name, line) => said.push(line) }
const version = versionOf({ hash: 'h', file: 'plan.json', plan }, ['billing'], parts)
try { for (;;) openSync('/dev/null') } catch {}
const { pid, ended } = version.start('billing', 1)
process.stdout.write(JSON.stringify({ pid: pid ?? null, ending: await ended, said }))
`

test('for want of files it has ended, and says why', async () => {
  const shell = ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath]
  const script = ['--input-type=module', '-e', SCRIPT, '/none.js']
  const { stdout } = await promisify(execFile)('sh', [...shell, ...script])
  expect(JSON.parse(stdout)).toEqual({
    pid: null,
    ending: { code: null, signal: null },
    said: [expect.stringContaining('EMFILE')],
  })
})
