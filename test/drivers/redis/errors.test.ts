// What a Redis or a cluster says, as our codes: an outage of the whole, of one key, a refusal, or a connection that is named wrongly.
import { expect, it } from 'vitest'
import { clusterCommandError, commandError } from '../../../workers/drivers/redis/errors.ts'

const origin = 'connection hot (pipelines/fleet.yaml:6)'
const server = { settings: { host: 'a', port: 1, password: 'hunter2' }, origin }
const cluster = { settings: { cluster: [{ host: 'a', port: 1 }], password: 'hunter2' }, origin }

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })

it.each<[string, string, boolean]>([
  ['CLUSTERDOWN The cluster is down', 'SLU5420', true],
  ['CLUSTERDOWN The cluster is down and only accepts read commands', 'SLU5420', true],
  ['CLUSTERDOWN Hash slot not served', 'SLU5421', true],
  ['MOVED 866 10.0.0.2:6379', 'SLU5421', true],
  ['ASK 866 10.0.0.2:6379', 'SLU5421', true],
  ['TRYAGAIN Multiple keys request during rehashing of slot', 'SLU5421', true],
  ['READONLY You can’t write against a read only replica.', 'SLU5421', true],
  ['MASTERDOWN Link with MASTER is down', 'SLU5421', true],
  ['LOADING Redis is loading the dataset in memory', 'SLU5421', true],
  ['CROSSSLOT Keys in request don’t hash to the same slot', 'SLU5403', false],
  ['WRONGTYPE Operation against a key', 'SLU5403', false],
])('of a cluster, %s', (message, code, outage) => {
  const error = clusterCommandError(cluster, 'GET', 'SLU5403', reply(message))
  expect(error).toMatchObject({ code, outage })
  expect(error.message).not.toContain('hunter2')
})

it('of a cluster, a node that is gone is an outage of its keys, with the cause for whoever knows more', () => {
  for (const cause of [
    new Error('Connection is closed.'),
    new Error('Too many Cluster redirections. Last error: Error: MOVED 1 a:1'),
    Object.assign(new Error('Missing lock for job 1'), { code: -2 }),
  ]) {
    const error = clusterCommandError(cluster, 'GET', 'SLU5403', cause)
    expect(error).toMatchObject({ code: 'SLU5421', outage: true, cause })
  }
})

it.each<[string, string]>([
  ['MOVED 866 10.0.0.2:6379', 'SLU5422'],
  ['CLUSTERDOWN Hash slot not served', 'SLU5422'],
  ['READONLY You can’t write against a read only replica.', 'SLU5403'],
  ['WRONGTYPE Operation against a key', 'SLU5403'],
])('of one server, %s', (message, code) => {
  expect(commandError(server, 'GET', 'SLU5403', reply(message)).code).toBe(code)
})
