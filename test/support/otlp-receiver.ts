// A small OTLP/HTTP trace receiver inside the test process: collects spans from JSON and protobuf, and can be told to fail or to fall silent.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { systemClock } from '../../workers/core/clock.ts'
import { decodeTraces } from './otlp-decode.ts'

export type ReceivedValue = string | number | boolean | ReceivedValue[] | undefined

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string
  readonly tracestate: string
  readonly name: string
  /** OTLP's numbers: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number
  readonly startNs: bigint
  readonly endNs: bigint
  readonly attributes: Readonly<Record<string, ReceivedValue>>
  readonly events: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, ReceivedValue>>
  }[]
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  /** OTLP's numbers: 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message: string }
  readonly resource: Readonly<Record<string, ReceivedValue>>
}

export interface ReceivedRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly spans: number
  readonly status: number
}

export interface OtlpReceiver {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT takes. */
  readonly url: string
  /** Spans that were answered with success, in order of arrival. */
  readonly spans: readonly ReceivedSpan[]
  readonly requests: readonly ReceivedRequest[]
  /** Answers the next `times` requests with `status`. */
  fail(times: number, status?: number): void
  /** Answers each request this much later. */
  delay(ms: number): void
  /** Takes requests and never answers; those under way included, until `close`. */
  blackhole(): void
  close(): Promise<void>
}

export async function startOtlpReceiver(port = 0): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const requests: ReceivedRequest[] = []
  let failing = { times: 0, status: 503 }
  let silent = false
  let lateMs = 0

  const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    if (silent) return
    const { url: path = '/', headers } = request
    const json = headers['content-type'] === 'application/json'
    let status = 200
    let received: ReceivedSpan[] = []
    if (failing.times > 0) {
      failing.times--
      status = failing.status
    } else if (path !== '/v1/traces') status = 404
    else {
      received = decodeTraces(
        headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body,
        json,
      )
      for (const span of received) spans.push(span)
    }
    requests.push({ path, headers, spans: received.length, status })
    const type = json ? 'application/json' : 'application/x-protobuf'
    response.writeHead(status, { 'content-type': type }).end(json ? '{}' : '')
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      if (lateMs === 0) answer(request, response, body)
      else systemClock.after(lateMs, () => answer(request, response, body))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    fail: (times, status = 503) => {
      failing = { times, status }
    },
    delay: (ms) => {
      lateMs = ms
    },
    blackhole: () => {
      silent = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
