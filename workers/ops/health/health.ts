// What health is made of: checks of a connection, connections of a component, components of a fleet; the worst decides.
import type { Code } from '../../core/codes.ts'
import { CODES } from '../../core/codes.ts'
import type { FleetStatus } from '../fleet-status.ts'

export type Status = 'pass' | 'warn' | 'fail'

export interface HealthCheck {
  readonly name: string
  readonly status: Status
  readonly detail: string
  /** Of what is wrong, with what to do next. */
  readonly code?: Code
  readonly next?: string
}

export type Component = 'redis' | 'rabbitmq' | 'kafka'
export const COMPONENTS: readonly Component[] = ['redis', 'rabbitmq', 'kafka']

export interface ConnectionHealth {
  readonly status: Status
  /** Where it is written, `pipelines/fleet.yaml:6`. */
  readonly where: string
  /** Which broker, or what stands in for it. */
  readonly target: string
  readonly driver: 'embedded' | Component
  /** Null: there was no answer. */
  readonly latencyMs: number | null
  readonly version: string | null
  readonly checks: readonly HealthCheck[]
  /** What the broker says of itself; null without an answer. */
  readonly facts: object | null
}

export interface ComponentHealth {
  readonly status: Status
  readonly component: Component
  /** By their names in fleet.yaml. */
  readonly connections: Readonly<Record<string, ConnectionHealth>>
}

export interface WorkersHealth {
  readonly status: Status
  /** Processes that fleet.yaml asks for. */
  readonly declared: number
  readonly ready: number
  /** The same for each of `workers` in fleet.yaml. */
  readonly byName: Readonly<Record<string, { readonly declared: number; readonly ready: number }>>
  /** Of each cache, within the latest quarter of an hour. */
  readonly caches: Readonly<Record<string, { readonly asked: number; readonly hits: number }>>
  readonly checks: readonly HealthCheck[]
  readonly processes: FleetStatus['workers']
}

export interface OverallHealth {
  readonly version: 1
  readonly status: Status
  readonly fleet: string
  readonly profile: string
  readonly at: string
  readonly components: Readonly<Partial<Record<Component, ComponentHealth>>>
  /** Null: nobody knows, since the fleet has no state store. */
  readonly workers: WorkersHealth | null
}

const RANK = { pass: 0, warn: 1, fail: 2 } as const

/** Of nothing it is pass. */
export const worst = (all: readonly { readonly status: Status }[]): Status =>
  all.reduce<Status>((so, { status }) => (RANK[status] > RANK[so] ? status : so), 'pass')

export const fine = (name: string, detail: string): HealthCheck => ({
  name,
  status: 'pass',
  detail,
})

export const wrong = (
  name: string,
  status: 'warn' | 'fail',
  code: Code,
  detail: string,
): HealthCheck => ({ name, status, detail, code, next: CODES[code].fix })
