// Why each rule is there, apart from the table of codes: only people who ask read it, never a worker.
import type { Code } from '../codes.ts'
import { COMBINATIONS } from './reasons/combinations.ts'
import type { Reason } from './reasons/entry.ts'
import { FILES } from './reasons/files.ts'
import { NAMES } from './reasons/names.ts'
import { OPERATION_REASONS } from './reasons/operation.ts'

export const REASONS: Readonly<Record<Code, Reason>> = {
  ...FILES,
  ...NAMES,
  ...COMBINATIONS,
  ...OPERATION_REASONS,
}
