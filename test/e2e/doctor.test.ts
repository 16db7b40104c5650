// `sluice doctor` and `sluice lag` on real brokers: what is right, what is missing, who is refused, and what waits.
import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Diagnosis } from '../../workers/ops/doctor/doctor.ts'
import type { Lag } from '../../workers/ops/lag.ts'
import { FLEET, sluice } from './support/worker-process.ts'

const prefix = `doctor-${randomUUID().slice(0, 8)}.`
const command = (args: readonly string[], env: Record<string, string> = {}) =>
  sluice([...args, '--project', FLEET], { SLUICE_PREFIX: prefix, NO_COLOR: '1', ...env }).finished

beforeAll(async () => {
  const { code, stderr } = await command(['apply', '--yes'])
  if (code !== 0) throw new Error(stderr)
})

async function diagnosis(env: Record<string, string> = {}) {
  const { code, stdout } = await command(['doctor', '--format', 'json'], env)
  const found = JSON.parse(stdout) as Diagnosis
  const of = (connection: string) => {
    const one = found.connections.find((each) => each.connection === connection)
    return (one?.findings ?? []).map(({ name, status, code: said }) =>
      [name, status, said].filter((word) => word !== undefined).join(' '),
    )
  }
  return { code, found, of }
}

describe('doctor', () => {
  test('goes through every step, and finds nothing wrong with brokers that are well', async () => {
    const { code, of } = await diagnosis()
    expect(code).toBe(0)
    expect(of('hot').slice(0, 6)).toEqual([
      'DNS pass',
      'TCP pass',
      'TLS pass',
      'login pass',
      'permissions pass',
      expect.stringMatching(/^latency /),
    ])
    expect(of('events')).toEqual(expect.arrayContaining(['leaders pass', 'topology pass']))
    expect(of('work')).toEqual(expect.arrayContaining(['permissions pass', 'topology pass']))
  })

  test('tells a wrong password, a wrong name, a shut port and a silent broker apart: exit 3, with the next command', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const { code, found, of } = await diagnosis({
      RABBITMQ_PASSWORD: 'wrong',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(port),
      KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1,no.such.host.invalid:9092',
    })
    expect(code).toBe(3)
    expect(of('work').at(-1)).toBe('login fail SLU5305')
    expect(of('hot').at(-1)).toBe('answers fail SLU1183')
    expect(of('events')).toEqual(['DNS pass', 'TCP fail SLU1185', 'DNS fail SLU1182'])
    for (const { findings } of found.connections)
      for (const { status, next } of findings)
        if (status === 'fail') expect(next).toMatch(/^[a-z][a-z-]+(\.sh)? /)
  })

  test('goes on with the others where a variable is malformed', async () => {
    const { code, of } = await diagnosis({ REDIS_PORT: 'redis' })
    expect(code).toBe(3)
    expect(of('hot')).toEqual(['settings fail SLU1103'])
    expect(of('events')).toContain('login pass')
  })

  test('finds what is declared and not there', async () => {
    const { code, of } = await diagnosis({ SLUICE_PREFIX: `${prefix}none.` })
    expect(code).toBe(0)
    expect(of('events')).toContain(`topic ${prefix}none.requests warn SLU1187`)
    expect(of('work')).toContain(`queue ${prefix}none.alerts warn SLU1187`)
  })
})

describe('lag', () => {
  test('counts what waits, by group and partition', async () => {
    const event = {
      event_id: 'e1',
      event_type: 'score_request',
      timestamp: '2026-01-01T00:00:00Z',
      model_id: 'm',
      features: { user_id: 1, product_id: 1 },
    }
    const sent = await command(['send', 'requests', '--key', 'k', JSON.stringify(event)])
    expect(sent.code).toBe(0)
    const { code, stdout } = await command(['lag', '--format', 'json'])
    expect(code).toBe(0)
    const { groups, queues } = JSON.parse(stdout) as Lag
    const scoring = groups.find(({ name }) => name === 'scoring')
    expect(scoring).toMatchObject({ connection: 'events', topic: 'requests', lag: 1, members: 0 })
    expect(scoring?.partitions.map(({ lag }) => lag).toSorted()).toEqual([0, 0, 0, 1])
    expect(queues.map(({ name }) => name)).toContain('alerts')
    const text = await command(['lag', '--watch'])
    expect(text.stdout).toMatch(/^scoring +requests +\w+ +1 +0$/m)
  })

  test('says what it knows, and exits 3, when a broker is away', async () => {
    const { code, stdout } = await command(['lag', '--format', 'json'], { RABBITMQ_PORT: '1' })
    expect(code).toBe(3)
    const { groups, away } = JSON.parse(stdout) as Lag
    expect(groups.length).toBeGreaterThan(0)
    expect(away).toMatchObject([{ connection: 'work', code: 'SLU5301' }])
  })
})
