// What is said of one mistake, and what all sayings need.
import type { AnyNode } from 'acorn'
import type { Code } from '../../../core/codes.ts'
import type { Here } from '../here.ts'
import type { Said } from '../tsc.ts'

export interface Finding {
  readonly code: Code
  readonly message: string
  readonly hint: string
  /** Characters of the expression that are meant: the first, and the one behind the last. */
  readonly from: number
  readonly to: number
}

/** Without an extent the word is meant that begins where TypeScript points. */
export type Words = Omit<Finding, 'from' | 'to'> & Partial<Pick<Finding, 'from' | 'to'>>

/** Undefined for what only follows from something else that is said. */
export type Explain = (said: Said, here: Here) => Words | undefined

/** All of a node is meant. */
export const extent = (node: AnyNode | undefined) =>
  node === undefined ? {} : { from: node.start, to: node.end }
