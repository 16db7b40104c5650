// Translates amqplib errors into our codes at the driver's edge; the original stays as the cause.
import { asError, SluiceError } from '../../core/errors.ts'

export function rabbitError(thrown: unknown, doing: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = asError(thrown)
  const code = /ACCESS.REFUSED|PLAIN login refused|403|NOT_ALLOWED|530/i.test(cause.message)
    ? 'SLU5305'
    : /PRECONDITION.FAILED|406/i.test(cause.message)
      ? 'SLU5306'
      : 'SLU5301'
  return new SluiceError(code, { message: `${doing}: ${cause.message}`, cause })
}
