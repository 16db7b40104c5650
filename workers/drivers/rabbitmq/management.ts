// Asks the HTTP API of RabbitMQ's management plugin what is really there; never changes anything through it.
import type { Clock } from '../../core/clock.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { RabbitmqSettings } from './errors.ts'

const ANSWER_MS = 5_000
/** Of one answer. */
const MAX_BYTES = 8 * 1024 * 1024

export interface Management {
  /** Undefined when there is no such object. `path` comes below the virtual host. */
  read<T>(kind: 'queues' | 'exchanges', path: readonly string[]): Promise<T | undefined>
  /** Of the whole broker: `path` comes below `/api`. Undefined when there is no such object. */
  readAny<T>(path: readonly string[], query?: string): Promise<T | undefined>
  /** Names that begin with the prefix: the first thousand. */
  names(kind: 'queues' | 'exchanges', prefix: string): Promise<string[]>
}

export interface ManagementParts {
  readonly settings: RabbitmqSettings
  readonly port: number
  readonly origin: string
  readonly clock: Clock
}

export function createManagement({ settings, port, origin, clock }: ManagementParts): Management {
  const { host, user, password, vhost } = settings
  const name = `RabbitMQ's management API at ${host}:${port}`
  const base = `http://${host.includes(':') ? `[${host}]` : host}:${port}/api`
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  async function ask(path: string): Promise<unknown> {
    const late = new AbortController()
    const timer = clock.after(ANSWER_MS, () => late.abort())
    try {
      const response = await fetch(base + path, {
        headers: { authorization, accept: 'application/json' },
        // The password goes nowhere else.
        redirect: 'error',
        signal: late.signal,
      })
      const text = await textOf(response)
      if (response.status === 404) return undefined
      if (response.status === 401 || response.status === 403)
        throw new SluiceError('SLU1141', {
          message: `${name} refused user ${user} on virtual host ${vhost}: ${reasonOf(text)} (${origin})`,
        })
      if (!response.ok)
        throw new SluiceError('SLU1143', {
          message: `${name} answered ${response.status} to ${path}: ${reasonOf(text)} (${origin})`,
        })
      return jsonOf(text)
    } catch (thrown) {
      if (thrown instanceof SluiceError) throw thrown
      throw new SluiceError('SLU1140', {
        message: late.signal.aborted
          ? `${name} did not answer within ${ANSWER_MS / 1_000} s (${origin})`
          : `${name} is away: ${causeOf(thrown)} (${origin})`,
        cause: thrown,
      })
    } finally {
      timer.cancel()
    }
  }

  function jsonOf(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      throw new SluiceError('SLU1143', {
        message: `${name} does not answer in JSON: is it the port of the management plugin? (${origin})`,
      })
    }
  }

  const below = encodeURIComponent(vhost)
  const joined = (path: readonly string[]) => path.map(encodeURIComponent).join('/')
  return {
    readAny: async <T>(path: readonly string[], query = '') =>
      (await ask(`/${joined(path)}${query}`)) as T | undefined,
    read: async <T>(kind: string, path: readonly string[]) =>
      (await ask(`/${kind}/${below}/${joined(path)}`)) as T | undefined,
    async names(kind, prefix) {
      const pattern = encodeURIComponent(`^${prefix.replaceAll(/[^A-Za-z0-9_]/g, String.raw`\$&`)}`)
      const query = `name=${pattern}&use_regex=true&page=1&page_size=500&columns=name`
      const found = (await ask(`/${kind}/${below}?${query}`)) as
        { items?: { name: string }[] } | undefined
      return (found?.items ?? []).map((item) => item.name)
    },
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

function reasonOf(text: string): string {
  try {
    const { reason, error } = JSON.parse(text) as { reason?: unknown; error?: unknown }
    return String(reason ?? error)
  } catch {
    return text.slice(0, 120)
  }
}

/** What fetch says is "fetch failed"; its cause knows why. */
function causeOf(thrown: unknown): string {
  const { cause } = asError(thrown)
  const { code, message } = asError(cause ?? thrown) as Error & { code?: string }
  return code ?? message
}
