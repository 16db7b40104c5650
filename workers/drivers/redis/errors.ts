// Translates what ioredis and Redis say into our codes at the driver's edge; the original stays as the cause.
import type { Code } from '../../core/codes.ts'
import { asError, SluiceError } from '../../core/errors.ts'

export interface RedisSettings {
  readonly host: string
  readonly port: number
  readonly password: string | undefined
}

/** Which server an error speaks of, and who asked for it. */
export interface Place {
  readonly settings: RedisSettings
  readonly origin: string
}

export const nameOf = ({ settings: { host, port } }: Place): string => `Redis at ${host}:${port}`

export function away(place: Place, what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLU5401', {
    message: `${nameOf(place)} ${what} (${place.origin})`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Before or during the connection. A refused password is told apart from a server that is away. */
export function connectError(place: Place, thrown: unknown): SluiceError {
  const cause = asError(thrown)
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(cause.message))
    return new SluiceError('SLU5404', {
      message: `${nameOf(place)} refused the connection: ${cause.message} (${place.origin})`,
      cause,
    })
  const { code } = cause as { code?: unknown }
  return away(place, `is away: ${typeof code === 'string' ? code : cause.message}`, cause)
}

/** A command failed. What Redis itself answered is a refusal; everything else means that the connection is gone. */
export function commandError(
  place: Place,
  command: string,
  refused: Code,
  thrown: unknown,
): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = asError(thrown)
  if (cause.name === 'ReplyError')
    return new SluiceError(refused, {
      message: `${nameOf(place)} refused ${command}: ${cause.message}`,
      cause,
    })
  return away(place, `was lost before it answered ${command}: ${cause.message}`, cause)
}
