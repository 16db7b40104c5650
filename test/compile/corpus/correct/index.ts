// All correct variants: edits about which nothing may be said.
import type { Variant } from '../corpus.ts'
import { expressions } from './expressions.ts'
import { language } from './language.ts'
import { moreExpressions } from './more-expressions.ts'
import { nesting } from './nesting.ts'
import { operations } from './operations.ts'
import { registry } from './registry.ts'
import { windows } from './windows.ts'

export const CORRECT: readonly Variant[] = [
  ...expressions,
  ...moreExpressions,
  ...language,
  ...nesting,
  ...operations,
  ...registry,
  ...windows,
]
