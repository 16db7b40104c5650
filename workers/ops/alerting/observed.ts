// Health as single things that can be well or unwell, each with a name that lasts; of what does not answer nothing but that is known.
import type { Alert } from '../../core/alert.ts'
import { fine, type HealthCheck, type OverallHealth, type Status } from '../health/health.ts'

export type About = Pick<Alert, 'component' | 'subject' | 'check'>

export interface Observation {
  readonly about: About
  readonly status: Status
  readonly message: string
  readonly code: string
  readonly next: string
}

export interface Observed {
  /** By key. */
  readonly seen: ReadonlyMap<string, Observation>
  /** True of what nobody can say anything about now. What is neither seen nor this is gone, and so it is well. */
  readonly isUnknown: (about: About) => boolean
}

export const keyOf = ({ component, subject, check }: About): string =>
  `${component}/${subject}/${check}`

/** No name of fleet.yaml holds a slash. Undefined for what is no key. */
export function aboutOf(key: string): About | undefined {
  const [, component, subject = '', check = ''] = /^(\w+)\/([^/]+)\/(.+)$/s.exec(key) ?? []
  return COMPONENTS.find((one) => one === component) === undefined
    ? undefined
    : { component: component as About['component'], subject, check }
}
const COMPONENTS: readonly About['component'][] = ['redis', 'rabbitmq', 'kafka', 'workers']

/** Made up for a broker that answers; health has it only for one that does not. */
const ANSWERS = 'answers'

export function observed({ components, workers }: OverallHealth): Observed {
  const seen = new Map<string, Observation>()
  const silent = new Set<string>()
  const see = (about: About, { status, detail, code, next }: HealthCheck) =>
    seen.set(keyOf(about), { about, status, message: detail, code: code ?? '', next: next ?? '' })
  for (const { component, connections } of Object.values(components))
    for (const [subject, { checks, facts }] of Object.entries(connections)) {
      const all = facts === null ? checks : [...checks, fine(ANSWERS, 'it answers')]
      for (const check of all) see({ component, subject, check: check.name }, check)
      if (facts === null) silent.add(`${component}/${subject}`)
    }
  const byName = workers?.byName ?? {}
  for (const check of workers?.checks ?? []) {
    const [, cache] = /^cache (.+)$/.exec(check.name) ?? []
    if (cache !== undefined) see({ component: 'workers', subject: cache, check: 'hits' }, check)
    else if (Object.hasOwn(byName, check.name))
      see({ component: 'workers', subject: check.name, check: 'ready' }, check)
  }
  const workersAreKnown = Object.keys(byName).length > 0
  return {
    seen,
    isUnknown: ({ component, subject, check }) =>
      component === 'workers'
        ? !workersAreKnown
        : silent.has(`${component}/${subject}`) && check !== ANSWERS,
  }
}
