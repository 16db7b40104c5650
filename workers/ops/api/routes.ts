// The paths of the operations API: what each answers with, in which media types, and who may ask. The document is made of the same table.
import { COMPONENTS, type Component, type Status } from '../health/health.ts'

export const JSON_TYPE = 'application/json'
export const HEALTH_TYPE = 'application/health+json'
/** Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export type Subject =
  | { readonly of: 'fleet' | 'metrics' | 'livez' | 'readyz' | 'startupz' | 'document' }
  | { readonly of: 'component'; readonly component: Component }

export interface Route {
  readonly path: string
  /** Its name for clients that are generated. */
  readonly id: string
  readonly summary: string
  readonly subject: Subject
  /** Probes are for everybody: whoever runs containers has no token. */
  readonly access: 'all' | 'token'
  /** The first one for whoever takes anything. */
  readonly types: readonly string[]
  /** Its schema in the document. */
  readonly schema: string
  /** 503 when it fails. */
  readonly fails: boolean
}

const BASE = '/api/v1/infrastructure'

const health = (
  path: string,
  id: string,
  summary: string,
  subject: Subject,
  schema: string,
): Route => ({
  path: `${BASE}${path}`,
  id,
  summary,
  subject,
  access: 'token',
  types: [HEALTH_TYPE, JSON_TYPE],
  schema,
  fails: true,
})

const probe = (name: 'livez' | 'readyz' | 'startupz', summary: string): Route => ({
  path: `/${name}`,
  id: name,
  summary,
  subject: { of: name },
  access: 'all',
  types: [HEALTH_TYPE, JSON_TYPE],
  schema: 'Probe',
  fails: true,
})

const NAMES = { redis: 'Redis', rabbitmq: 'RabbitMQ', kafka: 'Kafka' } as const

export const ROUTES: readonly Route[] = [
  health('/health', 'getHealth', 'Health of everything', { of: 'fleet' }, 'OverallHealth'),
  ...COMPONENTS.map((component) =>
    health(
      `/${component}/health`,
      `get${NAMES[component]}Health`,
      `Health of ${NAMES[component]}`,
      { of: 'component', component },
      `${NAMES[component]}Health`,
    ),
  ),
  {
    path: `${BASE}/metrics`,
    id: 'getMetrics',
    summary: 'What brokers and workers say of themselves, as numbers',
    subject: { of: 'metrics' },
    access: 'token',
    types: [METRICS_TYPE, JSON_TYPE],
    schema: 'Metrics',
    fails: false,
  },
  probe('livez', 'The process lives; asks no broker'),
  probe('readyz', 'The process does its work'),
  probe('startupz', 'The process has started'),
  {
    path: '/openapi.json',
    id: 'getDocument',
    summary: 'This document',
    subject: { of: 'document' },
    access: 'token',
    types: [JSON_TYPE],
    schema: 'Document',
    fails: false,
  },
]

export const httpStatus = (status: Status): 200 | 503 => (status === 'fail' ? 503 : 200)
