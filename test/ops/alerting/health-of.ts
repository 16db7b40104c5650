// Health as a test wants it.
import type { HealthCheck, OverallHealth, Status } from '../../../workers/ops/health/health.ts'
import { fine, wrong } from '../../../workers/ops/health/health.ts'

export interface Seen {
  /** Of the memory of the one Redis; undefined: it does not answer. */
  readonly memory: Status | undefined
  /** Ready processes of the one worker; undefined: nobody knows. */
  readonly ready?: number | undefined
}

export function healthOf({ memory, ready = 1 }: Seen): OverallHealth {
  const check = (name: string, status: Status): HealthCheck =>
    status === 'pass' ? fine(name, '10 %') : wrong(name, status, 'SLU1191', '90 %')
  const away = wrong('answers', 'fail', 'SLU5401', 'no answer')
  const connection = {
    where: 'pipelines/fleet.yaml:1',
    target: 'Redis',
    driver: 'redis',
    latencyMs: 1,
    version: '7',
  } as const
  const hot =
    memory === undefined
      ? { ...connection, status: 'fail' as const, checks: [away], facts: null }
      : { ...connection, status: memory, checks: [check('memory', memory)], facts: {} }
  return {
    version: 1,
    status: 'pass',
    fleet: 'shop',
    profile: 'development',
    at: '2026-01-01T00:00:00Z',
    components: { redis: { status: hot.status, component: 'redis', connections: { hot } } },
    workers: {
      status: 'pass',
      declared: 1,
      ready,
      caches: {},
      byName: { billing: { declared: 1, ready } },
      checks: [
        ready > 0 ? fine('billing', '1 of 1') : wrong('billing', 'warn', 'SLU1202', '0 of 1'),
      ],
      processes: [],
    },
  }
}
