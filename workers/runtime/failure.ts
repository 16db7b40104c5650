// Names what went wrong with a message, so that retry, dead letter and guard can decide; never decides itself.
import { asError, SluiceError } from '../core/errors.ts'

/** A failure of one attempt, at a step if one was running. */
export interface Failure {
  readonly error: SluiceError
  readonly step: string | undefined
}

/** What is not a SluiceError is a fault of ours or of generated code: known by SLU9001, tried again like any unknown failure. */
export function failureOf(thrown: unknown, step: string | undefined): Failure {
  if (thrown instanceof SluiceError) return { error: thrown, step }
  const cause = asError(thrown)
  return { error: new SluiceError('SLU9001', { message: cause.message, cause }), step }
}

/** Nobody failed: the lane is somebody else's for now, or the message is. */
export const isNoAttempt = ({ code }: SluiceError): boolean =>
  code === 'SLU5501' || code === 'SLU5601'
