// One OTLP request over HTTP, bounded in time and size; it says what became of it and never throws and never tries again.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { gzipSync } from 'node:zlib'
import type { Clock } from '../core/clock.ts'
import { asError } from '../core/errors.ts'
import type { EndpointSettings } from './trace-settings.ts'

export type Outcome =
  | { readonly is: 'taken'; readonly answer: Uint8Array }
  /** Worth another try, not before `afterMs` if the receiver said so. */
  | { readonly is: 'busy'; readonly why: string; readonly afterMs?: number }
  | { readonly is: 'refused'; readonly why: string }

/** The four answers that OTLP lets a client try again. */
const BUSY = new Set([429, 502, 503, 504])
const ANSWER_BYTES = 65_536
const SOCKETS = 4

export class OtlpHttp {
  private readonly endpoint: EndpointSettings
  private readonly clock: Clock
  private readonly agent: HttpAgent
  private readonly headers: Record<string, string>

  constructor(endpoint: EndpointSettings, clock: Clock) {
    this.endpoint = endpoint
    this.clock = clock
    const options = { keepAlive: true, maxSockets: SOCKETS }
    this.agent =
      endpoint.url.protocol === 'https:'
        ? new HttpsAgent({ ...options, ...endpoint.tls })
        : new HttpAgent(options)
    this.headers = {
      ...endpoint.headers,
      'content-type': endpoint.json ? 'application/json' : 'application/x-protobuf',
      ...(endpoint.gzip ? { 'content-encoding': 'gzip' } : {}),
    }
  }

  post(payload: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<Outcome> {
    const { url, gzip } = this.endpoint
    const body = gzip ? gzipSync(payload) : payload
    return new Promise((resolve) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const headers = { ...this.headers, 'content-length': body.length }
      try {
        const call = send(url, { method: 'POST', agent: this.agent, headers, signal })
        const within = Math.min(timeoutMs, this.endpoint.timeoutMs)
        const timer = this.clock.after(within, () =>
          call.destroy(new Error(`no answer within ${within} ms`)),
        )
        const settle = (outcome: Outcome) => {
          timer.cancel()
          resolve(outcome)
        }
        call.on('error', (error) => settle({ is: 'busy', why: error.message || error.name }))
        call.on('response', (response) => read(response, settle))
        call.end(body)
      } catch (error) {
        // A header that HTTP does not allow.
        resolve({ is: 'refused', why: asError(error).message })
      }
    })
  }

  close(): void {
    this.agent.destroy()
  }
}

function read(response: IncomingMessage, settle: (outcome: Outcome) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > ANSWER_BYTES) response.destroy(new Error('the answer is too long'))
    else chunks.push(chunk)
  })
  response.on('error', (error) => settle({ is: 'busy', why: error.message }))
  response.on('end', () => settle(outcomeOf(response, Buffer.concat(chunks))))
}

function outcomeOf(response: IncomingMessage, answer: Buffer): Outcome {
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { is: 'taken', answer }
  const why = `HTTP ${status} ${response.statusMessage ?? ''}`.trim()
  if (!BUSY.has(status)) return { is: 'refused', why }
  const seconds = Number(response.headers['retry-after'] ?? Number.NaN)
  return seconds >= 0 ? { is: 'busy', why, afterMs: seconds * 1_000 } : { is: 'busy', why }
}
