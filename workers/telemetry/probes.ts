// The probes of a worker over bare HTTP: alive, ready, metrics. Liveness never asks a broker, and no probe hangs.
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Clock } from '../core/clock.ts'
import { asError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Check } from '../core/telemetry.ts'
import { serveHttp, type Answer, type Served } from './http.ts'

export interface ProbeOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Default: loopback only. */
  readonly host?: string
  /** Ready when each one passes. */
  readonly checks: () => Promise<readonly Check[]> | readonly Check[]
  /** Those behind `/readyz/<name>`; undefined when nothing has that name. Without it there are none. */
  readonly checksOf?: (name: string) => readonly Check[] | undefined
  /** False: the process should be replaced. */
  readonly live: () => boolean
  readonly metricsText: () => Promise<string>
  readonly clock: Clock
  readonly log: Logger
}

export type Probes = Served

const WITHIN_MS = 2_000
const ONE = '/readyz/'
const HEALTH = 'application/health+json'
const TEXT = 'text/plain; charset=utf-8'
/** Prometheus' text format. */
const METRICS = 'text/plain; version=0.0.4; charset=utf-8'

export function startProbes(options: ProbeOptions): Promise<Probes> {
  const { port, host = '127.0.0.1', log } = options
  return serveHttp({
    port,
    host,
    what: 'the probes',
    connections: 64,
    answer: (request) => answerTo(options, request),
    failed: (status) => ({
      status,
      type: TEXT,
      body: status === 500 ? 'the probe failed\n' : `${STATUS_CODES[status]}\n`,
    }),
    log,
  })
}

async function answerTo(options: ProbeOptions, request: IncomingMessage): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?', 1)
  const part = path.startsWith(ONE) ? options.checksOf?.(path.slice(ONE.length)) : undefined
  if (path !== '/livez' && path !== '/readyz' && path !== '/metrics' && part === undefined)
    return { status: 404, type: TEXT, body: 'not found; there are /livez, /readyz and /metrics\n' }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, type: TEXT, body: 'only GET and HEAD\n', headers: { allow: 'GET, HEAD' } }
  // Answering at all says that the event loop turns.
  if (path === '/livez') return probeAnswer(options.live(), [])
  if (path === '/metrics') return { status: 200, type: METRICS, body: await options.metricsText() }
  const checks = part ?? (await inTime(options))
  return probeAnswer(
    checks.every(({ status }) => status === 'pass'),
    checks,
  )
}

export function probeAnswer(passes: boolean, checks: readonly Check[]): Answer {
  const found = checks.map(({ name, status, detail }) => [name, { status, detail }])
  const body = { status: passes ? 'pass' : 'fail', checks: Object.fromEntries(found) as object }
  return { status: passes ? 200 : 503, type: HEALTH, body: `${JSON.stringify(body)}\n` }
}

/** The checks, or one that fails because they threw or took too long. */
async function inTime({ checks, clock }: ProbeOptions): Promise<readonly Check[]> {
  const failed = (detail: string): Check[] => [{ name: 'checks', status: 'fail', detail }]
  const stop = new AbortController()
  try {
    return await Promise.race([
      checks(),
      clock.sleep(WITHIN_MS, stop.signal).then(() => failed(`no answer in ${WITHIN_MS} ms`)),
    ])
  } catch (thrown) {
    return failed(asError(thrown).message)
  } finally {
    stop.abort()
  }
}
