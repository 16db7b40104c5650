// What is asked wrongly of the commands that look at brokers: a word about it and exit 2, nothing half done.
import { describe, expect, test } from 'vitest'
import { probeAddress } from '../../workers/cli/probe-address.ts'
import { FLEET, sluice } from '../e2e/support/worker-process.ts'

test.each<[string, string[], RegExp]>([
  ['a format that is none', ['health', '--format', 'xml'], /'xml' is invalid.*text, json/],
  ['a word too many', ['doctor', 'redis'], /too many arguments/],
  ['an option of another command', ['lag', '--seeds', '3'], /unknown option '--seeds'/],
  ['no project', ['health', '--project', '/no/such/folder'], /SLU1003 /],
  ['nothing to explain', ['explain'], /SLU1001 .*--config/],
  ['two things to explain', ['explain', 'scoring', '--config'], /SLU1001 .*not both/],
  ['a pipeline that is not there', ['explain', '../../etc'], /SLU1001 there is no pipeline/],
  ['probes at no port', ['run', '--embedded', '--probes', 'localhost'], /SLU1001 .*HOST:\]PORT/],
])('%s', { timeout: 60_000 }, async (_what, args, said) => {
  const project = args.includes('--project') ? [] : ['--project', FLEET]
  const { code, stdout, stderr } = await sluice([...args, ...project]).finished
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(said)
})

describe('where probes are served', () => {
  test.each([
    [undefined, '127.0.0.1', 0],
    ['9400', '127.0.0.1', 9_400],
    ['0.0.0.0:9400', '0.0.0.0', 9_400],
    ['[::1]:9400', '::1', 9_400],
    ['::1:9400', '::1', 9_400],
  ])('%j', (asked, host, port) => {
    expect(probeAddress(asked)).toEqual({ host, port })
  })

  test.each(['', 'http', ':9400', '99999', '-1', '1e3', '9400 ', 'a:b:c', '0x10'])(
    '%j is none',
    (asked) => {
      expect(() => probeAddress(asked)).toThrow(/HOST:\]PORT/)
    },
  )
})
