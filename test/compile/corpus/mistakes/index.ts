// All mistakes, in the order of the table.
import type { Mistake } from '../corpus.ts'
import { bodies } from './bodies.ts'
import { caches } from './caches.ts'
import { combinations } from './combinations.ts'
import { deadLetters } from './dead-letters.ts'
import { expressions } from './expressions.ts'
import { fields } from './fields.ts'
import { handOvers } from './hand-overs.ts'
import { jobs } from './jobs.ts'
import { limits } from './limits.ts'
import { maps } from './map.ts'
import { missing } from './missing.ts'
import { names } from './names.ts'
import { numbers } from './numbers.ts'
import { alerting } from './alerting.ts'
import { operations } from './operations.ts'
import { queues } from './queues.ts'
import { registries } from './registry.ts'
import { routes } from './routes.ts'
import { schedules } from './schedules.ts'
import { schemas } from './schemas.ts'
import { settings } from './settings.ts'
import { shape } from './shape.ts'
import { splits } from './splits.ts'
import { state } from './state.ts'
import { stores } from './stores.ts'
import { types } from './types.ts'
import { unions } from './unions.ts'
import { windows } from './windows.ts'
import { yaml } from './yaml.ts'

export const MISTAKES: readonly Mistake[] = [
  ...fields,
  ...unions,
  ...missing,
  ...maps,
  ...routes,
  ...queues,
  ...jobs,
  ...schedules,
  ...splits,
  ...windows,
  ...types,
  ...bodies,
  ...limits,
  ...handOvers,
  ...names,
  ...shape,
  ...numbers,
  ...combinations,
  ...expressions,
  ...yaml,
  ...settings,
  ...registries,
  ...schemas,
  ...state,
  ...stores,
  ...caches,
  ...deadLetters,
  ...operations,
  ...alerting,
]
