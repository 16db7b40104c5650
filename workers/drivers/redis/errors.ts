// Translates ioredis errors into our codes at the driver's edge; the original stays as the cause.
import { asError, SluiceError } from '../../core/errors.ts'

const AWAY =
  /Connection is closed|Stream isn't writeable|max retries per request|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|LOADING|Command aborted/

export function redisError(thrown: unknown, doing: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = asError(thrown)
  const code = /Command timed out/.test(cause.message)
    ? 'SLU5402'
    : AWAY.test(cause.message) || cause.name === 'MaxRetriesPerRequestError'
      ? 'SLU5401'
      : 'SLU5403'
  return new SluiceError(code, { message: `${doing}: ${cause.message}`, cause })
}
