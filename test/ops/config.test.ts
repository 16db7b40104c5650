// `explain --config`: every setting with where it came from, no secret, and all that is wrong with the environment at once.
import { describe, expect, test } from 'vitest'
import { resolve } from 'node:path'
import { compileFleet } from '../../workers/compile/compile.ts'
import { explainConfig } from '../../workers/ops/explain/config.ts'
import { configProblems } from '../../workers/ops/explain/problems.ts'

const compiled = compileFleet(resolve(import.meta.dirname, '../..'))
function configOf(env: Record<string, string>) {
  if (compiled.plan === undefined) throw new Error('the example fleet has mistakes')
  return explainConfig(compiled.plan, compiled.sources, env)
}
const GOOD = { RABBITMQ_PASSWORD: 'hunter2' }

function valueOf(env: Record<string, string>, section: string, path: string) {
  const found = configOf(env).sections.find(({ kind, name }) => `${kind} ${name}` === section)
  const value = found?.values.find((one) => one.path === path)
  return value && { value: value.value, from: value.origin.kind }
}

describe('where a value comes from', () => {
  test.each([
    ['fleet ml-platform', 'profile', { SLUICE_PROFILE: 'production' }, 'production', 'environment'],
    ['fleet ml-platform', 'profile', {}, 'development', 'environment'],
    ['fleet ml-platform', 'fleet', {}, 'ml-platform', 'file'],
    ['fleet ml-platform', 'health.within', {}, '2s', 'default'],
    ['redis connection hot', 'port', { REDIS_PORT: '7000' }, '7000', 'environment'],
    ['redis connection hot', 'port', {}, '6379', 'environment'],
    ['kafka connection events', 'security', {}, 'PLAINTEXT', 'environment'],
    ['rabbitmq connection work', 'vhost', { RABBITMQ_VIRTUAL_HOST: '/ml' }, '/ml', 'environment'],
    ['topic ml_events', 'partitions', {}, 4, 'file'],
    ['worker predictions', 'replicas', {}, 1, 'file'],
    ['environment beside fleet.yaml', 'SLUICE_LOG_LEVEL', {}, 'info', 'default'],
    [
      'environment beside fleet.yaml',
      'SLUICE_LOG_LEVEL',
      { SLUICE_LOG_LEVEL: 'debug' },
      'debug',
      'variable',
    ],
  ] as const)('%s: %s with %j is %j', (section, path, env, value, from) => {
    expect(valueOf(env, section, path)).toEqual({ value, from })
  })
})

test('every variable of the guide that is supported reaches the setting that it names', () => {
  const env = {
    REDIS_HOST: 'redis.internal',
    REDIS_PORT: '7001',
    REDIS_PASSWORD: 'a',
    RABBITMQ_HOST: 'rabbit.internal',
    RABBITMQ_PORT: '5673',
    RABBITMQ_USER: 'admin',
    RABBITMQ_PASSWORD: 'b',
    RABBITMQ_VIRTUAL_HOST: '/ml',
    RABBITMQ_MANAGEMENT_PORT: '15673',
    KAFKA_BOOTSTRAP_SERVERS: 'kafka-1:9092,kafka-2:9092',
    KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
    SLUICE_PROFILE: 'production',
    SLUICE_PREFIX: 'staging.',
    SLUICE_OPS_TOKEN: 'c',
  }
  const { sections, problems } = configOf(env)
  expect(problems).toEqual([])
  const read = sections.flatMap(({ values }) =>
    values.flatMap(({ origin }) => (origin.kind === 'environment' ? origin.set : [])),
  )
  expect(read.toSorted()).toEqual(Object.keys(env).toSorted())
})

test('where nodes of a cluster are named, host and port are shown as unused, and nobody asks for them', () => {
  const env = {
    ...GOOD,
    REDIS_HOST: 'redis.internal',
    REDIS_PORT: 'none',
    REDIS_CLUSTER_NODES: 'redis-1:6379, redis-2:6379',
  }
  const hot = (path: string) => valueOf(env, 'redis connection hot', path)
  expect(hot('host')).toEqual({ value: 'redis.internal', from: 'unused' })
  expect(hot('port')).toEqual({ value: 'none', from: 'unused' })
  expect(hot('cluster')).toEqual({
    value: 'redis-1:6379, redis-2:6379',
    from: 'environment',
  })
  expect(configOf(env).problems).toEqual([])
})

test('no secret is shown, wherever it was put', () => {
  const env = {
    ...GOOD,
    REDIS_PASSWORD: 'hunter2',
    SLUICE_OPS_TOKEN: 'hunter2hunter2hunter2',
    RABBITMQ_HOST: 'admin:hunter2@rabbit.internal',
    KAFKA_BOOTSTRAP_SERVERS: 'a:9092,user:hunter2@b:9092',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hunter2',
  }
  expect(JSON.stringify(configOf(env))).not.toContain('hunter2')
})

describe('what is wrong', () => {
  const problems = (env: Record<string, string>) =>
    configOf(env).problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`)

  test('is said all at once, with the line that asks for it', () => {
    const found = problems({
      SLUICE_PROFILE: 'staging',
      REDIS_PORT: '99999',
      KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
      KAFKA_BOOTSTRAP_SERVERS: 'http://kafka',
    })
    expect(found).toHaveLength(5)
    expect(found.join('\n')).toMatch(/SLU1103 .*needs development or production.*"staging"/)
    expect(found.join('\n')).toMatch(/SLU1103 .*fleet\.yaml:\d+ needs a number from 1 to 65535/)
    expect(found.join('\n')).toMatch(/SLU1103 .*PLAINTEXT.*"SASL_SSL"/)
    expect(found.join('\n')).toMatch(/SLU1103 .*host:port/)
    expect(found.join('\n')).toMatch(/SLU1102 RABBITMQ_PASSWORD is not set/)
  })

  test('a variable that people expect to work, and that nothing reads, is a warning', () => {
    const { plan, sources } = compiled
    const { fleetFile } = sources
    if (plan === undefined || fleetFile === undefined) throw new Error('nothing is compiled')
    const text = fleetFile.text.replaceAll('REDIS_CLUSTER_NODES', 'ANOTHER')
    const env = { ...GOOD, REDIS_CLUSTER_NODES: 'a:1,b:2' }
    const found = configProblems(plan, { text }, env)
    expect(found.map(({ message }) => message)).toEqual([
      'REDIS_CLUSTER_NODES is set, and pipelines/fleet.yaml does not read it',
    ])
  })

  test.each([
    ['REDIS_PORT', '0'],
    ['REDIS_PORT', '-1'],
    ['REDIS_PORT', '6379; DROP'],
    ['REDIS_PORT', '9'.repeat(10_000)],
    ['REDIS_HOST', 'a b'],
    ['REDIS_CLUSTER_NODES', 'redis-1'],
    ['REDIS_CLUSTER_NODES', 'redis-1:6379 redis-2:6379'],
    ['REDIS_CLUSTER_NODES', 'redis-1:6379,'],
    ['REDIS_CLUSTER_NODES', 'redis-1:65536'],
    ['REDIS_CLUSTER_NODES', 'redis://redis-1:6379'],
    ['REDIS_CLUSTER_NODES', `redis-1:1${',x:1'.repeat(20_000)},`],
    ['REDIS_HOST', 'x\u0000y'],
    ['RABBITMQ_PORT', '0x10'],
    ['RABBITMQ_USER', 'a\nb'],
    ['SLUICE_PREFIX', '../../etc/'],
    ['SLUICE_PREFIX', 'p'.repeat(41)],
    ['SLUICE_PROFILE', 'Production'],
    ['SLUICE_PROFILE', '${SLUICE_PREFIX}'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'localhost'],
    ['KAFKA_BOOTSTRAP_SERVERS', ','],
    ['KAFKA_SECURITY_PROTOCOL', 'plaintext'],
  ])('%s=%j is a diagnostic', (name, value) => {
    const found = problems({ ...GOOD, [name]: value })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^error SLU1103 pipelines\/fleet\.yaml:\d+ needs /)
    expect(found[0]?.length).toBeLessThan(300)
  })
})
