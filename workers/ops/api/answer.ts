// Answers one request of the operations API: the path, the method, who asks, what they take, then what they asked for. Never looks at a body.
import type { IncomingMessage } from 'node:http'
import Negotiator from 'negotiator'
import type { Clock } from '../../core/clock.ts'
import type { Check } from '../../core/telemetry.ts'
import type { Answer } from '../../telemetry/http.ts'
import { probeAnswer } from '../../telemetry/probes.ts'
import { prometheusText, type NumberMetric } from '../../telemetry/prometheus.ts'
import { healthMetrics, metricsJson } from '../health/metrics.ts'
import type { Monitor } from '../health/monitor.ts'
import type { Access } from './access.ts'
import { openApiDocument } from './document.ts'
import { PerSecond } from './per-second.ts'
import { problem } from './problem.ts'
import { httpStatus, JSON_TYPE, ROUTES, type Route } from './routes.ts'

export interface ApiParts {
  readonly monitor: Monitor
  readonly access: Access
  /** Ready when each one passes. */
  readonly checks: () => readonly Check[]
  readonly started: () => boolean
  /** Of this process, in Prometheus' text format; empty when there is nothing to tell. */
  readonly ownMetrics: () => Promise<string>
  /** Of what is watched here, beside that of the brokers. */
  readonly alertMetrics: () => readonly NumberMetric[]
  readonly clock: Clock
}

/** Of one address. Watchers ask once a second, and many of them may stand behind one address. */
const REQUESTS_A_SECOND = 2_000
const WRONG_TOKENS_A_SECOND = 10

const BY_PATH = new Map(ROUTES.map((route) => [route.path, route]))
/** Made once: nothing in it changes. */
const DOCUMENT = `${JSON.stringify(openApiDocument())}\n`

export class Api {
  private readonly parts: ApiParts
  private readonly requests: PerSecond
  private readonly refusals: PerSecond

  constructor(parts: ApiParts) {
    this.parts = parts
    this.requests = new PerSecond(parts.clock, REQUESTS_A_SECOND)
    this.refusals = new PerSecond(parts.clock, WRONG_TOKENS_A_SECOND)
  }

  // oxlint-disable-next-line require-await -- what is thrown is a rejection
  async answer(request: IncomingMessage): Promise<Answer> {
    const address = request.socket.remoteAddress ?? ''
    if (!this.requests.take(address)) return tooMany()
    const route = BY_PATH.get(pathOf(request.url ?? ''))
    if (route === undefined) return problem(404, 'SLU5901')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return problem(405, 'SLU5902', undefined, { allow: 'GET, HEAD' })
    const refused = this.refusal(route, request, address)
    if (refused !== undefined) return refused
    const type = new Negotiator(request).mediaType(route.types.map(plain))
    if (type === undefined)
      return problem(406, 'SLU5904', `there is: ${route.types.map(plain).join(', ')}`)
    const full = route.types.find((one) => plain(one) === type) ?? JSON_TYPE
    return this.of(route, full)
  }

  private refusal(route: Route, request: IncomingMessage, address: string): Answer | undefined {
    if (route.access === 'all') return undefined
    const { authorization, host, forwarded, ...headers } = request.headers
    const verdict = this.parts.access.judge({
      authorization,
      host,
      address,
      forwarded: forwarded !== undefined || headers['x-forwarded-for'] !== undefined,
    })
    if (verdict === 'granted') return undefined
    if (verdict === 'wrong-host') return problem(421, 'SLU5906')
    if (!this.refusals.take(address)) return tooMany()
    return problem(401, 'SLU5903', undefined, { 'www-authenticate': 'Bearer realm="sluice"' })
  }

  private async of(route: Route, type: string): Promise<Answer> {
    const { monitor, checks, started } = this.parts
    const { subject } = route
    const json = (status: number, body: object): Answer => ({
      status,
      type,
      body: `${JSON.stringify(body)}\n`,
    })
    switch (subject.of) {
      case 'fleet': {
        const health = await monitor.getOverallHealth()
        return json(httpStatus(health.status), health)
      }
      case 'component': {
        const { component } = subject
        if (!monitor.components.includes(component)) return problem(404, 'SLU5909')
        const health = await monitor.component(component)
        return json(httpStatus(health.status), health)
      }
      case 'metrics': {
        const health = await monitor.getOverallHealth()
        const metrics = [...healthMetrics(health), ...this.parts.alertMetrics()]
        if (type === JSON_TYPE) return json(200, metricsJson(metrics))
        const own = await this.parts.ownMetrics()
        return { status: 200, type, body: `${prometheusText(metrics)}${own}` }
      }
      case 'livez':
        return { ...probeAnswer(true, []), type }
      case 'startupz':
        return { ...probeAnswer(started(), []), type }
      case 'readyz': {
        const found = checks()
        return {
          ...probeAnswer(
            found.every(({ status }) => status === 'pass'),
            found,
          ),
          type,
        }
      }
      case 'document':
        return { status: 200, type, body: DOCUMENT }
    }
  }
}

const tooMany = () => problem(429, 'SLU5905', undefined, { 'retry-after': '1' })

/** Without its parameters. */
const plain = (type: string): string => type.split(';', 1)[0] as string

/** Of a request target in origin form, or in absolute form as proxies send it; nothing is decoded. */
const pathOf = (target: string): string =>
  target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
