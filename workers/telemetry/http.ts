// Serves HTTP within limits: bounded headers, bounded time, bounded connections. What is answered is for others to say.
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { asError, SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'

export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly host: string
  /** What is served, for people: `the probes`. */
  readonly what: string
  /** At the same time. */
  readonly connections: number
  readonly answer: (request: IncomingMessage) => Promise<Answer>
  /** Of a request that is no HTTP, is too large or takes too long, and of an answer that could not be made. */
  readonly failed: (status: 400 | 408 | 431 | 500) => Answer
  readonly log: Logger
}

export interface Served {
  readonly port: number
  /** Idempotent. */
  close(): Promise<void>
}

export async function serveHttp(options: HttpOptions): Promise<Served> {
  const { log, connections, what } = options
  const server = createServer(
    {
      maxHeaderSize: 8_192,
      headersTimeout: 5_000,
      requestTimeout: 5_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      // Who lacks it gets an answer of ours.
      requireHostHeader: false,
    },
    (request, response) => void respond(options, request, response),
  )
  server.maxConnections = connections
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(options, error, socket))
  await listening(server, options)
  server.on('error', (error) => log.warn({ error }, `There was a connection error of ${what}.`))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listening(server: Server, { port, host, what }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${cause.code})`
      const message = `port ${port} on ${host} for ${what} ${reason}`
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
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => {})
  const answer = lacksHost(request) ? Promise.resolve(options.failed(400)) : options.answer(request)
  const { status, type, body, headers } = await answer.catch((thrown: unknown): Answer => {
    const error = asError(thrown)
    options.log.warn({ error, path: request.url }, `An answer of ${options.what} failed.`)
    return options.failed(500)
  })
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const lacksHost = ({ headers, httpVersion }: IncomingMessage) =>
  headers.host === undefined && httpVersion === '1.1'

/** What node could not read as a request gets an answer all the same, and its connection ends. */
function refuse(options: HttpOptions, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, type, body } = options.failed(statusOf(error.code))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `content-type: ${type}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function statusOf(code: string | undefined): 400 | 408 | 431 {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
}
