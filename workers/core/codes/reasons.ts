// Why each rule is there, apart from the table of codes: only people who ask read it, never a worker.
import type { Code } from '../codes.ts'
import { CACHES } from './reasons/caches.ts'
import { CHANGE_REASONS } from './reasons/changes.ts'
import { COMBINATIONS } from './reasons/combinations.ts'
import { DEAD_LETTER_REASONS } from './reasons/dead-letters.ts'
import type { Reason } from './reasons/entry.ts'
import { FILES } from './reasons/files.ts'
import { INFRASTRUCTURE_REASONS } from './reasons/infrastructure.ts'
import { NAMES } from './reasons/names.ts'
import { OPERATION_REASONS } from './reasons/operation.ts'
import { POLICIES } from './reasons/policies.ts'
import { RECORDING_REASONS } from './reasons/recordings.ts'
import { REGISTRY_REASONS } from './reasons/registry.ts'
import { TESTS } from './reasons/tests.ts'
import { TYPES } from './reasons/types.ts'
import { WINDOW_REASONS } from './reasons/windows.ts'

export const REASONS: Readonly<Record<Code, Reason>> = {
  ...FILES,
  ...NAMES,
  ...TYPES,
  ...TESTS,
  ...CHANGE_REASONS,
  ...COMBINATIONS,
  ...CACHES,
  ...POLICIES,
  ...OPERATION_REASONS,
  ...RECORDING_REASONS,
  ...DEAD_LETTER_REASONS,
  ...INFRASTRUCTURE_REASONS,
  ...REGISTRY_REASONS,
  ...WINDOW_REASONS,
}
