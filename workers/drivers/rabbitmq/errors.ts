// Translates what amqplib and RabbitMQ say into our codes at the driver's edge; the original stays as the cause.
import { asError, SluiceError } from '../../core/errors.ts'

export interface RabbitmqSettings {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly vhost: string
}

/** Which broker an error speaks of, and who asked for it. */
export interface Place {
  readonly settings: RabbitmqSettings
  readonly origin: string
}

export const nameOf = ({ settings: { host, port } }: Place): string => `RabbitMQ at ${host}:${port}`

/** Before or during the connection. A refusal of who we are is told apart from a broker that is away. */
export function connectError(place: Place, thrown: unknown): SluiceError {
  const cause = asError(thrown)
  if (isRefusal(cause)) return refused(place, cause)
  return away(place, `is away: ${codeOf(cause) ?? cause.message}`, cause)
}

export function away(place: Place, what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLU5301', {
    message: `${nameOf(place)} ${what} (${place.origin})`,
    ...(cause === undefined ? {} : { cause }),
  })
}

export function refused(place: Place, cause: Error): SluiceError {
  const { user, vhost } = place.settings
  return new SluiceError('SLU5305', {
    message: `${nameOf(place)} refused user ${user} on virtual host ${vhost}: ${cause.message} (${place.origin})`,
    cause,
  })
}

/** The AMQP reply code of an error from the broker, or the code of the system. */
export function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

/**
 * amqplib gives errors of the handshake no code: 403 says that the login or a permission was refused; a close in place
 * of open-ok says that the virtual host is unknown or not ours.
 */
function isRefusal(error: Error): boolean {
  return (
    codeOf(error) === '403' ||
    /ACCESS.REFUSED|NOT.ALLOWED|ConnectionOpenOk; got <ConnectionClose/.test(error.message)
  )
}
