// Values that are nested without end are read, and cannot be written or compared: that is said by name, and is no crash.
import { SluiceError } from '../../core/errors.ts'

/** Throws SLU1015. */
export function notTooDeep<T>(files: { readonly a: string; readonly b: string }, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    throw new SluiceError('SLU1015', {
      message: `a value in ${files.a} or ${files.b} is nested too deeply`,
      cause: thrown,
    })
  }
}
