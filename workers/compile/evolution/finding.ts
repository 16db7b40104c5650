// What a comparison finds: why values of one schema may not fit another.
import type { Path } from '../yaml-file.ts'

export type FindingKind =
  | 'required'
  | 'closed'
  | 'type'
  | 'value'
  | 'limit'
  | 'form'
  | 'variant'
  | 'refused'
  /** The reading side names a property that the writing side may have filled with anything. */
  | 'unlisted'

export interface Finding {
  readonly kind: FindingKind
  /** The name, type, value or keyword it is about. */
  readonly what: string
  /** False: it may be so, and cannot be proven either way. */
  readonly certain: boolean
  /** Where the values are described, and where they are refused. */
  readonly from: Path
  readonly by: Path
}
