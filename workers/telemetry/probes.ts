// The probes of a worker over bare HTTP: alive, ready, metrics. Liveness never asks a broker, and no probe hangs.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../core/clock.ts'
import { asError, SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Check } from '../core/telemetry.ts'

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

export interface Probes {
  readonly port: number
  /** Idempotent. */
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

const WITHIN_MS = 2_000
const ONE = '/readyz/'
const HEALTH = 'application/health+json'
const TEXT = 'text/plain; charset=utf-8'
/** Prometheus' text format. */
const METRICS = 'text/plain; version=0.0.4; charset=utf-8'

export async function startProbes(options: ProbeOptions): Promise<Probes> {
  const { port, host = '127.0.0.1', log } = options
  const server = createServer(
    {
      maxHeaderSize: 8_192,
      headersTimeout: 5_000,
      requestTimeout: 5_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void respond(options, request, response),
  )
  server.maxConnections = 64
  await listening(server, port, host)
  server.on('error', (error) => log.warn({ error }, 'The probes had a connection error.'))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${cause.code})`
      const message = `port ${port} on ${host} for the probes ${reason}`
      reject(new SluiceError('SLU1104', { message, cause }))
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

/** Never rejects. */
async function respond(
  options: ProbeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => {})
  const answer = await answerTo(options, request).catch((thrown: unknown) => {
    options.log.warn({ error: asError(thrown), path: request.url }, 'A probe failed.')
    return { status: 500, type: TEXT, body: 'the probe failed\n' }
  })
  const headers: Record<string, string | number> = {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
  }
  if (answer.status === 405) headers['allow'] = 'GET, HEAD'
  response.writeHead(answer.status, headers)
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

async function answerTo(options: ProbeOptions, request: IncomingMessage): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?', 1)
  const part = path.startsWith(ONE) ? options.checksOf?.(path.slice(ONE.length)) : undefined
  if (path !== '/livez' && path !== '/readyz' && path !== '/metrics' && part === undefined)
    return { status: 404, type: TEXT, body: 'not found; there are /livez, /readyz and /metrics\n' }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, type: TEXT, body: 'only GET and HEAD\n' }
  // Answering at all says that the event loop turns.
  if (path === '/livez') return health(options.live(), [])
  if (path === '/metrics') return { status: 200, type: METRICS, body: await options.metricsText() }
  const checks = part ?? (await inTime(options))
  return health(
    checks.every(({ status }) => status === 'pass'),
    checks,
  )
}

function health(passes: boolean, checks: readonly Check[]): Answer {
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
