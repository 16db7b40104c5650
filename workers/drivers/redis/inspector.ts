// Looks at a Redis through INFO, which every user may ask; reads no key.
import type { DriverContext } from '../../core/contract.ts'
import type { RedisInspector } from '../../core/facts.ts'
import { createClusterInspector } from './cluster-inspector.ts'
import { serverFacts, versionIn } from './info.ts'
import { redisInspection } from './inspection.ts'
import type { RedisSettings } from './settings.ts'

export function createRedisInspector(
  settings: RedisSettings,
  context: DriverContext,
): RedisInspector {
  if ('cluster' in settings) return createClusterInspector(settings, context)
  const { target, inspection, latency } = redisInspection(settings, context)
  return {
    target,
    driver: 'redis',
    look: (_wanted, withinMs) =>
      inspection.ask(withinMs, async (link) => {
        const latencyMs = await latency(link)
        const info = await link.run('INFO', (client) => client.info())
        const version = versionIn(info)
        return { version, latencyMs, ...serverFacts(info), shards: null }
      }),
    close: () => inspection.close(),
  }
}
