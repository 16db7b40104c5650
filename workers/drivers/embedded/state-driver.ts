// The embedded stand-in for Redis as the state store; held to the same contract.
import type { DriverContext, StateDriver } from '../../core/contract.ts'
import { createPresence } from './presence.ts'
import type { EmbeddedState } from './state.ts'

export function createEmbeddedStateDriver(
  state: EmbeddedState,
  context: DriverContext,
): StateDriver {
  const { absence, ...driver } = createPresence('Redis', 'SLU5401', state.available, context)
  /** Rejects while the server is away, as every call over a wire does. */
  // oxlint-disable-next-line require-await -- the port is asynchronous
  const present = async <Answer>(ask: () => Answer): Promise<Answer> => {
    const absent = absence()
    if (absent !== undefined) throw absent
    return ask()
  }
  return {
    ...driver,
    claim: (claim) => present(() => state.claim(claim)),
    settle: (claim, as) => present(() => state.settle(claim, as)),
    write: (text) => present(() => state.write(text)),
    read: (folder, name) => present(() => state.read(folder, name)),
    list: (folder) => present(() => state.list(folder)),
    remove: (folder, name) => present(() => state.remove(folder, name)),
    addToWindow: (entry) => present(() => state.addToWindow(entry)),
    forgetClosed: (scope, id) => present(() => state.forgetClosed(scope, id)),
  }
}
