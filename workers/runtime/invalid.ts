// A message that is bad by itself, as an error of class invalid.
import type { Code } from '../core/codes.ts'
import { SluiceError } from '../core/errors.ts'

/** Codes of class invalid, all of them of the block of messages. */
type InvalidCode = Extract<Code, `SLU50${string}`>

export const invalid = (code: InvalidCode, message: string, cause?: unknown): SluiceError =>
  new SluiceError(code, { message, cause })
