// The part that all Redis drivers share: one supervised client a role, which answers within its bounds or at once while Redis is away.
import { Supervisor } from '../../core/supervisor.ts'
import type { Driver } from '../../core/contract.ts'
import { away } from './errors.ts'
import { RedisLink, type LinkParts } from './link.ts'
import { nameOf } from './settings.ts'

export interface Life {
  readonly driver: Driver
  readonly run: RedisLink['run']
}

export function openLife(parts: Omit<LinkParts, 'lost'>): Life {
  const { place, context } = parts
  let closed = false
  const supervisor = new Supervisor<RedisLink>({
    world: context.world,
    log: context.log,
    name: nameOf(place),
    absent: () => away(place, closed ? 'was closed' : 'is not connected'),
    open: (lost, signal) => RedisLink.open({ ...parts, lost }, signal),
  })
  const run: RedisLink['run'] = (command, ask) =>
    supervisor.link === undefined
      ? Promise.reject(supervisor.failure)
      : supervisor.link.run(command, ask)
  return {
    run,
    driver: {
      connect: () => supervisor.connect(),
      isUp: () => supervisor.link !== undefined,
      whenUp: (signal) => supervisor.whenUp(signal),
      async ping() {
        await run('PING', (client) => client.ping())
      },
      close() {
        closed = true
        return supervisor.close()
      },
    },
  }
}
