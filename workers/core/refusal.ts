// How an answer says that there is none: headers that only Sluice writes, on queues that only this process reads.
import type { FailureClass } from './codes.ts'
import { SluiceError } from './errors.ts'
import { headerText, type Headers } from './message.ts'

const CODE = 'sluice-refused-code'
const CLASS = 'sluice-refused-class'
const REASON = 'sluice-refused-reason'

/** One line, and short: it goes into a header of somebody else's logs. */
const MAX_REASON = 500

export const refusalHeaders = ({ code, failure, message }: SluiceError): Headers => ({
  [CODE]: code,
  [CLASS]: failure,
  [REASON]: message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, MAX_REASON),
})

/** The code that the answer says in place of one; undefined for an answer. */
export const refusedCode = (headers: Headers): string | undefined => headerText(headers, CODE)

/** What the caller's step fails with; undefined for an answer. Invalid and defect stay so whenever they are asked. */
export function refusalOf(headers: Headers, queue: string): SluiceError | undefined {
  const code = refusedCode(headers)
  if (code === undefined) return undefined
  const failure = headerText(headers, CLASS) as FailureClass | undefined
  const reason = headerText(headers, REASON) ?? ''
  return new SluiceError(failure === 'transient' ? 'SLU5312' : 'SLU5311', {
    message: `queue ${queue} refused: ${code} ${reason}`,
  })
}
