// The product's composition with failpoints around its drivers: the same drivers, on the same brokers.
import type { Composition } from '../../../workers/cli/composition.ts'
import { createComposition as createReal } from '../../../workers/composition.ts'
import { withFailpoints } from './drivers.ts'

export function createComposition(env: NodeJS.ProcessEnv): Composition {
  const real = createReal(env)
  return {
    ...real,
    drivers(embedded) {
      const drivers = real.drivers(embedded)
      return { ...drivers, ...withFailpoints(drivers) }
    },
  }
}
