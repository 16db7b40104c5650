// One question to a schema registry over HTTP, in the form that Confluent gave it; bounded in time and size, and never sent elsewhere.
import type { Clock } from '../../core/clock.ts'
import { asError, SluiceError } from '../../core/errors.ts'

const ANSWER_MS = 5_000
/** Of one answer. */
const MAX_BYTES = 8 * 1024 * 1024

export interface RegistrySettings {
  /** http or https; what the API's paths come below. */
  readonly url: string
  readonly user: string | undefined
  readonly password: string | undefined
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  /** The registry's own number of what went wrong. */
  readonly errorCode: number | undefined
  /** And its words. */
  readonly message: string
}

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  /** Statuses that are an answer, beside those below 300. */
  readonly expected?: readonly number[]
  readonly signal?: AbortSignal
}

/** Rejects with an outage: SLU1158 for a registry that is away, SLU1159 for one that refuses us, SLU1160 for one that makes no sense. */
export type Ask = (question: Question) => Promise<Answer>

export function createAsk(
  { url, user, password }: RegistrySettings,
  { clock, origin }: { readonly clock: Clock; readonly origin: string },
): Ask {
  const base = url.replace(/\/+$/, '')
  const name = `the schema registry at ${base}`
  const headers = {
    accept: 'application/vnd.schemaregistry.v1+json, application/json',
    'content-type': 'application/vnd.schemaregistry.v1+json',
    ...(user === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }),
  }
  return async ({ method, path, body, expected = [], signal }) => {
    const late = new AbortController()
    const timer = clock.after(ANSWER_MS, () => late.abort())
    try {
      const response = await fetch(base + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // The password goes nowhere else.
        redirect: 'manual',
        signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
      })
      const answer = answerOf(response.status, await textOf(response))
      if (response.ok || expected.includes(response.status)) {
        if (answer.body === undefined)
          throw new SluiceError('SLU1160', {
            message: `${name} does not answer in JSON (${origin})`,
          })
        return answer
      }
      throw refusal(
        answer,
        `${name} answered ${answer.status} to ${path}: ${answer.message} (${origin})`,
      )
    } catch (thrown) {
      if (thrown instanceof SluiceError) throw thrown
      throw new SluiceError('SLU1158', {
        message: late.signal.aborted
          ? `${name} did not answer within ${ANSWER_MS / 1_000} s (${origin})`
          : signal?.aborted === true
            ? `${name} did not answer in time (${origin})`
            : `${name} is away: ${causeOf(thrown)} (${origin})`,
        cause: thrown,
      })
    } finally {
      timer.cancel()
    }
  }
}

/** What a server says of itself passes; what it says of the question does not. */
function refusal({ status }: Answer, message: string): SluiceError {
  if (status === 401 || status === 403) return new SluiceError('SLU1159', { message })
  return new SluiceError(status >= 500 || status === 429 ? 'SLU1158' : 'SLU1160', { message })
}

function answerOf(status: number, text: string): Answer {
  try {
    const body = JSON.parse(text) as unknown
    const { error_code: code, message } = Object(body) as Record<string, unknown>
    return {
      status,
      body,
      errorCode: typeof code === 'number' ? code : undefined,
      message: typeof message === 'string' ? message.slice(0, 400) : 'it does not say why',
    }
  } catch {
    return { status, body: undefined, errorCode: undefined, message: text.slice(0, 120) }
  }
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** What fetch says is "fetch failed"; its cause knows why. */
function causeOf(thrown: unknown): string {
  const { cause } = asError(thrown)
  const { code, message } = asError(cause ?? thrown) as Error & { code?: string }
  return code ?? message
}
