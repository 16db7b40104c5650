// The steps before a broker is asked anything: a name, a port; and what its permissions allow.
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../workers/core/clock.ts'
import { quoted } from '../../../workers/ops/doctor/next.ts'
import { permissionsCheck } from '../../../workers/ops/doctor/permissions.ts'
import { addressesOf, connectTo, reasonOf } from '../../../workers/ops/doctor/reach.ts'

const WITHIN_MS = 5_000
const failure = (promise: Promise<unknown>) => promise.then(() => 'none', reasonOf)

describe('a host', () => {
  it('that is an address needs no name service', async () => {
    expect(await addressesOf('127.0.0.1', WITHIN_MS, systemClock)).toEqual(['127.0.0.1'])
    expect(await addressesOf('::1', WITHIN_MS, systemClock)).toEqual(['::1'])
  })

  it('that nobody knows says so', async () => {
    expect(await failure(addressesOf('no.such.host.invalid', WITHIN_MS, systemClock))).toMatch(
      /^(ENOTFOUND|EAI_AGAIN)$/,
    )
  })
})

describe('a port', () => {
  it('that is open takes a connection, without a byte', async () => {
    let bytes = 0
    const server = createServer((socket) => socket.on('data', (data) => (bytes += data.length)))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const ms = await connectTo({ host: '127.0.0.1', port }, WITHIN_MS, systemClock)
    expect(ms).toBeGreaterThanOrEqual(0)
    expect(bytes).toBe(0)
  })

  it('that is shut says so', async () => {
    const shut = connectTo({ host: '127.0.0.1', port: 1 }, WITHIN_MS, systemClock)
    expect(await failure(shut)).toBe('ECONNREFUSED')
  })
})

describe('permissions', () => {
  const check = (configure: string, write: string, read: string) =>
    permissionsCheck({ configure, write, read }, ['p.alerts', 'p.audit'], {
      user: 'app; rm -rf',
      vhost: '/ml',
    })

  it('pass when every pattern fits every name', () => {
    expect(check('.*', '^p\\.', '').status).toBe('pass')
  })

  it('fail with what is lacking, and the command that grants it', () => {
    const { status, code, detail, next } = check('^q\\.', '.*', '^p\\.alerts$')
    expect([status, code]).toEqual(['fail', 'SLU1186'])
    expect(detail).toBe('app; rm -rf may not configure p.alerts, p.audit; read p.audit')
    expect(next).toBe(`rabbitmqctl set_permissions -p /ml 'app; rm -rf' '.*' '.*' '.*'`)
  })

  it('are not guessed where nobody could be asked, or where a pattern is none here', () => {
    const place = { user: 'app', vhost: '/' }
    expect(permissionsCheck(null, ['a'], place).status).toBe('pass')
    expect(check('(?i', '.*', '.*').status).toBe('pass')
  })
})

it('quotes what a shell would read', () => {
  expect(['/ml', 'guest', "it's", '$(id)', 'a b'].map(quoted)).toEqual([
    '/ml',
    'guest',
    String.raw`'it'\''s'`,
    `'$(id)'`,
    `'a b'`,
  ])
})
