// The one table of everything that can go wrong. A code is stable for ever: it is never reused and never changes its meaning.
//
//   SLU01xx files and YAML      SLU02xx shape and values     SLU03xx names         SLU04xx expressions
//   SLU033x, SLU034x types      SLU035x, SLU036x pipeline tests   SLU037x, SLU038x contracts with an earlier state
//   SLU039x changes of what is on the brokers
//   SLU05xx impossible combinations                          SLU10xx usage         SLU11xx environment
//   SLU12xx brokers as operators see them                    SLU59xx the operations API
//   SLU50xx messages            SLU51xx handlers and steps   SLU52xx Kafka         SLU53xx RabbitMQ
//   SLU54xx Redis               SLU55xx delivery             SLU56xx identity      SLU57xx dead letters
//   SLU58xx jobs                SLU90xx faults of Sluice itself

import { BROKERS } from './codes/brokers.ts'
import { CHANGES } from './codes/changes.ts'
import { CONFIGURATION } from './codes/configuration.ts'
import { DEAD_LETTERS } from './codes/dead-letters.ts'
import { INFRASTRUCTURE } from './codes/infrastructure.ts'
import { OPERATION } from './codes/operation.ts'
import { RECORDINGS } from './codes/recordings.ts'
import { REGISTRY } from './codes/registry.ts'
import { TESTS } from './codes/tests.ts'
import { WINDOWS } from './codes/windows.ts'

export type { CodeEntry, FailureClass } from './codes/entry.ts'

export const CODES = {
  ...CONFIGURATION,
  ...TESTS,
  ...CHANGES,
  ...OPERATION,
  ...RECORDINGS,
  ...DEAD_LETTERS,
  ...INFRASTRUCTURE,
  ...BROKERS,
  ...REGISTRY,
  ...WINDOWS,
} as const

export type Code = keyof typeof CODES
