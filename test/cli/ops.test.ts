// What `sluice ops` refuses before it opens anything: ports, hosts, tokens, profiles and variables that will not do.
import { expect, test } from 'vitest'
import { FLEET, sluice } from '../e2e/support/worker-process.ts'

const ops = (args: readonly string[], env: Record<string, string>) =>
  sluice(['ops', '--port', '0', '--project', FLEET, ...args], env)

test.each<[string, string[], Record<string, string>, number, string]>([
  ['production without a token', [], { SLUICE_PROFILE: 'production' }, 3, 'SLU1180'],
  ['an open address without a token', ['--host', '0.0.0.0'], {}, 3, 'SLU1180'],
  ['a short token', [], { SLUICE_OPS_TOKEN: 'hunter2' }, 3, 'SLU1181'],
  ['a token with a line break', [], { SLUICE_OPS_TOKEN: 'hunter2hunter2\nhunter2' }, 3, 'SLU1181'],
  ['an unknown profile', [], { SLUICE_PROFILE: 'staging' }, 3, 'SLU1103'],
  ['a port that is none', ['--port', '99999'], {}, 2, '0 to 65535'],
  ['a port that is no number', ['--port', '80;rm'], {}, 2, '0 to 65535'],
  [
    'a host that is not here',
    ['--host', '203.0.113.1'],
    { SLUICE_PROFILE: 'development' },
    3,
    'SLU1',
  ],
  ['a malformed variable', [], { REDIS_PORT: 'redis' }, 3, 'SLU1103'],
  ['an option that is none', ['--porto', '1'], {}, 2, '--port'],
])('%s', async (_what, args, env, code, said) => {
  const done = await ops(args, env).finished
  expect([done.code, done.stdout]).toEqual([code, ''])
  expect(done.stderr).toContain(said)
})
