// A connection to a Redis for whoever looks at it now and then.
import type { DriverContext } from '../../core/contract.ts'
import { Inspection } from '../../core/inspection.ts'
import { RedisLink, type LinkParts } from './link.ts'
import { nameOf, type Place, type RedisSettings } from './settings.ts'

/** Whoever asks is bounded by `look`; this only ends a command that nobody waits for any more. */
const BOUNDS = { commandMs: 30_000, late: 'SLU1183', refused: 'SLU1184' } as const

/** A connection that is opened when it is asked; what is asked on it is bounded by whoever asks. `isNode`: it is a part of a cluster, looked at by itself. */
export function redisInspection(
  settings: RedisSettings,
  context: DriverContext,
  { isNode }: Pick<LinkParts, 'isNode'> = {},
) {
  const place: Place = { settings, origin: context.origin }
  const target = nameOf(place)
  const { clock } = context.world
  const parts = { place, context, bounds: BOUNDS, ...(isNode && { isNode }) }
  const inspection = new Inspection<RedisLink>({
    clock,
    target,
    origin: context.origin,
    open: (signal) => RedisLink.open({ ...parts, lost: () => {} }, signal),
    shut: (link) => link.close(),
  })
  const latency = async (link: RedisLink) => {
    const asked = clock.monotonic()
    await link.run('PING', (client) => client.ping())
    return clock.monotonic() - asked
  }
  return { target, inspection, latency }
}
