import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { Check } from '../../workers/core/telemetry.ts'
import { startProbes, type ProbeOptions, type Probes } from '../../workers/telemetry/probes.ts'
import { fastWorld } from '../support/fast-world.ts'
import { recordedLog } from '../support/recorded-log.ts'

const open: Probes[] = []
afterEach(async () => {
  for (const probes of open.splice(0)) await probes.close()
})

async function started(options: Partial<ProbeOptions> = {}): Promise<Probes> {
  const probes = await startProbes({
    port: 0,
    checks: () => [],
    live: () => true,
    metricsText: () => Promise.resolve('up 1\n'),
    clock: systemClock,
    log: silentLog,
    ...options,
  })
  open.push(probes)
  return probes
}

const get = ({ port }: Probes, path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, init)

const pass: Check = { name: 'ml_events', status: 'pass', detail: 'at its end' }
const fail: Check = { name: 'alerts', status: 'fail', detail: 'RabbitMQ is away' }

describe('probes', () => {
  it('/readyz passes when every check passes', async () => {
    const response = await get(await started({ checks: () => [pass] }), '/readyz')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/health+json')
    expect(await response.json()).toEqual({
      status: 'pass',
      checks: { ml_events: { status: 'pass', detail: 'at its end' } },
    })
  })

  it('/readyz fails with 503 and names the check that fails', async () => {
    const checks = () => Promise.resolve([pass, fail])
    const response = await get(await started({ checks }), '/readyz?verbose')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'fail',
      checks: {
        ml_events: { status: 'pass', detail: 'at its end' },
        alerts: { status: 'fail', detail: 'RabbitMQ is away' },
      },
    })
  })

  it('/readyz fails when the checks throw', async () => {
    const checks = () => {
      throw new Error('out of order')
    }
    const response = await get(await started({ checks }), '/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ checks: { checks: { detail: 'out of order' } } })
  })

  it('/readyz fails when the checks hang; /livez answers meanwhile', async () => {
    const { clock } = fastWorld(20)
    const probes = await started({ checks: () => new Promise(() => {}), clock })
    const ready = get(probes, '/readyz')
    expect((await get(probes, '/livez')).status).toBe(200)
    const response = await ready
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      checks: { checks: { detail: 'no answer in 2000 ms' } },
    })
  })

  it('/livez asks no check', async () => {
    let asked = 0
    const checks = () => {
      asked++
      return [fail]
    }
    const alive = await get(await started({ checks }), '/livez')
    expect(alive.status).toBe(200)
    expect(await alive.json()).toEqual({ status: 'pass', checks: {} })
    expect((await get(await started({ checks, live: () => false }), '/livez')).status).toBe(503)
    expect(asked).toBe(0)
  })

  it('/metrics answers in Prometheus’ text format', async () => {
    const response = await get(await started(), '/metrics')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toBe('up 1\n')
  })

  it('/metrics that fails is a 500 and a line in the log, without what went wrong in the answer', async () => {
    const log = recordedLog()
    const metricsText = () => Promise.reject(new Error('hunter2'))
    const response = await get(await started({ metricsText, log }), '/metrics')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(log.lines).toHaveLength(1)
  })

  it('answers HEAD without a body, other methods with 405, other paths with 404', async () => {
    const probes = await started()
    const head = await get(probes, '/readyz', { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0)
    expect(await head.text()).toBe('')
    const post = await get(probes, '/readyz', { method: 'POST', body: 'x' })
    expect(post.status).toBe(405)
    expect(post.headers.get('allow')).toBe('GET, HEAD')
    for (const path of ['/', '/readyz/', '/metrics2', '/%2e%2e/etc/passwd'])
      expect((await get(probes, path)).status, path).toBe(404)
  })

  it('refuses headers beyond 8 KiB', async () => {
    const { port } = await started()
    const status = await new Promise((resolve, reject) => {
      request({ port, path: '/livez', headers: { 'x-large': 'x'.repeat(10_000) } })
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(431)
  })

  it('listens on loopback unless told otherwise', async () => {
    const { port } = await started()
    await expect(fetch(`http://127.0.0.2:${port}/livez`)).rejects.toThrow()
    const wide = await started({ host: '0.0.0.0' })
    expect((await fetch(`http://127.0.0.2:${wide.port}/livez`)).status).toBe(200)
  })

  it('says which port is taken', async () => {
    const { port } = await started()
    await expect(started({ port })).rejects.toMatchObject({
      code: 'SLU1104',
      message: `port ${port} on 127.0.0.1 for the probes is taken`,
    })
  })

  it('closes at once, twice, with a connection that never asked', async () => {
    const probes = await started()
    const socket = connect(probes.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {})
    await probes.close()
    await probes.close()
    await closed
    await expect(get(probes, '/livez')).rejects.toThrow()
  })
})
