// Puts what a case gives where it belongs, over connections of its own, so that nothing of it counts as the pipeline's work.
import type { OutMessage } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan, ConnectionPlan, FleetPlan, PipelinePlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import { cacheNamespace } from '../runtime/assemble.ts'
import { cachesOf } from '../runtime/counts.ts'
import { connectionOf as nameOf, connectWithin, makeConnections } from '../runtime/connections.ts'
import { cacheAddress } from '../steps/cache-key.ts'
import { lifeOf } from '../steps/cache-entry.ts'
import { storeEntry } from '../steps/cache-store.ts'
import { inletOf, inletUses } from './inlet.ts'
import type { Given } from './plan.ts'
import type { Stage } from './stage.ts'

export interface Giver {
  open(caches: Given['caches']): Promise<void>
  /** In order, each confirmed before the next; waits while the broker is away. */
  send(messages: readonly OutMessage[]): Promise<void>
  /** Takes out of caches what was put there. */
  close(): Promise<void>
}

export function connectTheGiver(
  { factories, world, prefix }: Stage,
  plan: FleetPlan,
  pipeline: PipelinePlan,
  log: Logger,
): Giver {
  const named = { plan, prefix }
  const connectionOf = (cache: string) => (plan.caches[cache] as CachePlan).connection
  const caches = allSteps(pipeline).flatMap(cachesOf)
  const { from } = pipeline
  const names = new Set([...inletUses(plan, from), ...caches.map(connectionOf)])
  const connections = makeConnections({ plan, factories, world, log }, names)
  const connect = (name: string) =>
    connectWithin(
      connections.all.get(name) as NonNullable<ReturnType<typeof connections.all.get>>,
      plan.connections[nameOf(name)] as ConnectionPlan,
      plan.connectWithinMs,
      world,
    )
  const inlet = inletOf(plan, prefix, from, connections, world)
  const entries: { cache: string; address: string }[] = []
  return {
    async open(given) {
      // A cache that may be away is there as well: a case that runs without it by chance would prove something else.
      await Promise.all([...names].map(connect))
      await inlet.ensure()
      for (const [cache, list] of Object.entries(given)) {
        for (const { key, value } of list) {
          const address = cacheAddress(cacheNamespace(named, cache), key)
          const stored = plan.caches[cache] as CachePlan
          const { entry, ttlMs } = lifeOf(stored, value, world)
          entries.push({ cache, address })
          await storeEntry(connections.cache(connectionOf(cache)), stored, address, entry, ttlMs)
        }
      }
    },
    async send(messages) {
      const { driver, sink } = inlet
      for (const message of messages) {
        for (;;) {
          try {
            await sink.send(message)
            break
          } catch (error) {
            if (!(error instanceof SluiceError) || !error.outage) throw error
            await driver.whenUp()
          }
        }
      }
    },
    async close() {
      for (const { cache, address } of entries)
        await connections
          .cache(connectionOf(cache))
          .delete(address)
          .catch(() => {})
      await Promise.all([...connections.all.values()].map((driver) => driver.close()))
    },
  }
}
