// The operations API: what it answers when all is well and when brokers are away, who may ask, and what it makes of hostile requests.
import { connect } from 'node:net'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { PROBLEM } from '../../../workers/ops/api/problem.ts'
import { misfits, startApi, TOKEN } from './support.ts'

const BASE = '/api/v1/infrastructure'
const HEALTHS = {
  [`${BASE}/health`]: 'OverallHealth',
  [`${BASE}/redis/health`]: 'RedisHealth',
  [`${BASE}/rabbitmq/health`]: 'RabbitMQHealth',
  [`${BASE}/kafka/health`]: 'KafkaHealth',
} as const

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe(PROBLEM)
  const body: unknown = await response.json()
  expect(misfits('Problem', body)).toBe('')
  expect(body).toMatchObject({ status: response.status })
  return (body as { code: string }).code
}

/** Byte for byte, as no client would send it. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (bytes) => (answer += bytes.toString()))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

describe('health', () => {
  it('passes on embedded brokers, in the form that the document describes', async () => {
    const { get } = await startApi()
    for (const [path, schema] of Object.entries(HEALTHS)) {
      const response = await get(path)
      expect([path, response.status]).toEqual([path, 200])
      expect(response.headers.get('content-type')).toBe('application/health+json')
      const body: unknown = await response.json()
      expect(misfits(schema, body)).toBe('')
      expect(JSON.stringify(body)).toContain('"driver":"embedded"')
    }
  })

  it('answers 503 for a broker that is away and for the whole, 200 for the others and for the probes', async () => {
    const { get, setAvailable } = await startApi()
    setAvailable('hot', false)
    const status = async (path: string) => (await get(path)).status
    expect(await status(`${BASE}/redis/health`)).toBe(503)
    expect(await status(`${BASE}/health`)).toBe(503)
    expect(await status(`${BASE}/rabbitmq/health`)).toBe(200)
    expect(await status(`${BASE}/kafka/health`)).toBe(200)
    expect(await status('/livez')).toBe(200)
    expect(await status('/readyz')).toBe(200)
    expect(await status('/startupz')).toBe(200)
    const body = (await (await get(`${BASE}/redis/health`)).json()) as object
    expect(misfits('RedisHealth', body)).toBe('')
    expect(body).toMatchObject({
      status: 'fail',
      connections: {
        hot: { facts: null, latencyMs: null, checks: [{ name: 'answers', code: 'SLU5401' }] },
      },
    })
    setAvailable('hot', true)
    await expect.poll(() => status(`${BASE}/redis/health`), { timeout: 10_000 }).toBe(200)
  })

  it('gives a component that the fleet does not use as a problem', async () => {
    const { get } = await startApi({
      change: (plan) => {
        const { work: _work, ...connections } = plan.connections
        return { ...plan, connections }
      },
    })
    const response = await get(`${BASE}/rabbitmq/health`)
    expect([response.status, await problemOf(response)]).toEqual([404, 'SLU5909'])
    expect((await get(`${BASE}/health`)).status).toBe(200)
  })
})

describe('metrics', () => {
  it('come as text, or as JSON for whoever accepts it', async () => {
    const { get } = await startApi()
    const text = await get(`${BASE}/metrics`, { accept: 'text/plain' })
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = await text.text()
    expect(lines).toMatch(/^sluice_broker_up\{component="redis",connection="hot"\} 1$/m)
    const json = await get(`${BASE}/metrics`, { accept: 'application/json' })
    expect(json.headers.get('content-type')).toBe('application/json')
    const body = (await json.json()) as { metrics: { name: string }[] }
    expect(misfits('Metrics', body)).toBe('')
    for (const { name } of body.metrics) expect(lines).toContain(`# TYPE ${name} `)
  })
})

describe('probes', () => {
  it('say why the process is not ready, and whether it has started, to anybody', async () => {
    const { get } = await startApi({
      openOnLoopback: false,
      started: () => false,
      checks: () => [{ name: 'ml_events', status: 'fail', detail: 'Kafka is away' }],
    })
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/startupz')).status).toBe(503)
    const ready = await get('/readyz', { accept: 'application/json' })
    expect([ready.status, ready.headers.get('content-type')]).toEqual([503, 'application/json'])
    const body: unknown = await ready.json()
    expect(misfits('Probe', body)).toBe('')
    expect(body).toMatchObject({ checks: { ml_events: { detail: 'Kafka is away' } } })
  })
})

describe('who may ask', () => {
  const path = `${BASE}/health`

  it('is whoever has the token, from anywhere and by any name', async () => {
    const { get, port } = await startApi({ openOnLoopback: false })
    const authorization = `Bearer ${TOKEN}`
    expect((await get(path, { authorization })).status).toBe(200)
    expect((await get(path, { authorization: `bearer  ${TOKEN} ` })).status).toBe(200)
    const answer = await raw(
      port,
      `GET ${path} HTTP/1.1\r\nHost: ops.example\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${TOKEN}`,
    TOKEN,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Bearer ${'x'.repeat(7_000)}`,
  ])('is not whoever sends %j', async (authorization) => {
    const { get } = await startApi({ openOnLoopback: false })
    const response = await get(path, authorization === undefined ? {} : { authorization })
    expect([response.status, await problemOf(response)]).toEqual([401, 'SLU5903'])
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="sluice"')
  })

  it('is in development also whoever is here and says so, but not with a wrong token', async () => {
    const { get, port } = await startApi()
    expect((await get(path)).status).toBe(200)
    expect((await get(path, { authorization: 'Bearer nonsense' })).status).toBe(401)
    expect((await get(path, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(401)
    const by = async (host: string) =>
      (await raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).slice(
        9,
        12,
      )
    const hosts = ['localhost', `localhost:${port}`, '127.0.0.1:1', '127.9.9.9', '[::1]:80']
    expect(await Promise.all(hosts.map(by))).toEqual(hosts.map(() => '200'))
    const strangers = [
      'evil.example',
      'localhost.evil.example',
      '10.0.0.1',
      '127.0.0.1.evil.example',
      'x@localhost',
      '',
    ]
    expect(await Promise.all(strangers.map(by))).toEqual(strangers.map(() => '421'))
  })

  it('without any token is whoever is here, and nobody with one', async () => {
    const { get } = await startApi({ token: undefined })
    expect((await get(path)).status).toBe(200)
    expect((await get(path, { authorization: `Bearer ${TOKEN}` })).status).toBe(401)
  })

  it('tells whoever tries many tokens to wait', async () => {
    const { get } = await startApi({ openOnLoopback: false })
    const statuses = new Set<number>()
    for (let times = 0; times < 60 && !statuses.has(429); times++) {
      const response = await get(path, { authorization: `Bearer guess-${times}` })
      statuses.add(response.status)
      if (response.status !== 429) continue
      expect(response.headers.get('retry-after')).toBe('1')
      expect(await problemOf(response)).toBe('SLU5905')
    }
    expect(statuses).toEqual(new Set([401, 429]))
  })
})

describe('what is not understood', () => {
  it.each([
    '/',
    '/nope',
    `${BASE}/health/`,
    `${BASE}//health`,
    `${BASE}/mysql/health`,
    '/%6Civez',
    '/livez%00',
    '/LIVEZ',
    `/${'x'.repeat(6_000)}`,
  ])('is a problem at path %j', async (path) => {
    const { get } = await startApi()
    const response = await get(path)
    expect([response.status, await problemOf(response)]).toEqual([404, 'SLU5901'])
  })

  it('takes queries and absolute forms for what they are', async () => {
    const { get, port } = await startApi()
    expect((await get('/livez?verbose&x=%00')).status).toBe(200)
    const proxied = await raw(
      port,
      'GET http://localhost/livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    )
    expect(proxied).toMatch(/^HTTP\/1\.1 200 /)
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])(
    'is a problem with method %s',
    async (method) => {
      const { get } = await startApi()
      const response = await get('/livez', {}, method)
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect(await problemOf(response)).toBe('SLU5902')
    },
  )

  it.each(['image/png', 'text/html', 'application/health+xml', 'application/json;q=0, */*;q=0'])(
    'is a problem for whoever accepts %s alone',
    async (accept) => {
      const { get } = await startApi()
      const response = await get(`${BASE}/health`, { accept })
      expect([response.status, await problemOf(response)]).toEqual([406, 'SLU5904'])
    },
  )

  it('answers HEAD without a body', async () => {
    const { get } = await startApi()
    const response = await get(`${BASE}/health`, {}, 'HEAD')
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(500)
  })

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['another version of it', 'GET / HTTP/9.9\r\n\r\n', 400],
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    [
      'two lengths',
      'GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    ['large headers', `GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(10_000)}\r\n\r\n`, 431],
  ])('says so of %s', async (_what, text, status) => {
    const { port, get } = await startApi()
    const answer = await raw(port, text)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain('"code":"SLU5907"')
    expect((await get('/livez')).status).toBe(200)
  })

  it('reads no body, however large', async () => {
    const { port, get } = await startApi()
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, path: '/livez', method: 'POST' }, (response) =>
        resolve(response.resume().statusCode),
      )
      // It is cut off in the middle.
      sent.on('error', reject)
      sent.write(Buffer.alloc(1024 * 1024))
      sent.end(Buffer.alloc(1024 * 1024))
    })
    expect(status).toBe(405)
    expect((await get('/livez')).status).toBe(200)
  })

  it('says nothing of what went wrong inside', async () => {
    const { get, log } = await startApi({
      checks: () => {
        throw new Error('hunter2')
      },
    })
    const response = await get('/readyz')
    expect([response.status, await problemOf(response.clone())]).toEqual([500, 'SLU5908'])
    expect(await response.text()).not.toContain('hunter2')
    expect(log.lines).toHaveLength(1)
  })
})
