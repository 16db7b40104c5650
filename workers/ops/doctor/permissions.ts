// Whether the user of a RabbitMQ may do what the fleet needs: RabbitMQ itself says so only at the first message.
import type { RabbitmqFacts } from '../../core/facts.ts'
import { fine, wrong, type HealthCheck } from '../health/health.ts'
import { grant } from './next.ts'

export function permissionsCheck(
  permissions: RabbitmqFacts['permissions'],
  addresses: readonly string[],
  { user, vhost }: { readonly user: string; readonly vhost: string },
): HealthCheck {
  const name = 'permissions'
  if (permissions === null) return fine(name, 'not known without the management API')
  const lacking = Object.entries(permissions).flatMap(([what, pattern]) => {
    const missing = addresses.filter((address) => !allows(pattern, address))
    return missing.length === 0 ? [] : [`${what} ${missing.slice(0, 3).join(', ')}`]
  })
  if (lacking.length === 0) return fine(name, `${user} may create, write and read`)
  const detail = `${user} may not ${lacking.join('; ')}`
  return { ...wrong(name, 'fail', 'SLU1186', detail), next: grant(user, vhost) }
}

/** RabbitMQ's patterns are Erlang's; one that is no pattern here is not judged. */
function allows(pattern: string, address: string): boolean {
  try {
    return new RegExp(pattern).test(address)
  } catch {
    return true
  }
}
