// Holds a number against a threshold of fleet.yaml.
import type { Code } from '../../core/codes.ts'
import type { HealthPlan, Threshold } from '../../core/plan.ts'
import { fine, wrong, type HealthCheck } from './health.ts'

export function against(
  name: string,
  value: number,
  { warn, fail }: Threshold,
  code: Code,
  detail: string,
): HealthCheck {
  if (fail !== undefined && value >= fail) return wrong(name, 'fail', code, detail)
  return value >= warn ? wrong(name, 'warn', code, detail) : fine(name, detail)
}

export const latencyCheck = (ms: number, { latencyMs }: HealthPlan): HealthCheck =>
  against('latency', ms, latencyMs, 'SLU1190', `${Math.round(ms * 10) / 10} ms`)

export function memoryCheck(
  name: string,
  used: number,
  limit: number,
  { memoryPercent }: HealthPlan,
): HealthCheck {
  const percent = Math.floor((used / limit) * 100)
  const detail = `${percent} % of ${size(limit)}`
  return against(name, percent, memoryPercent, 'SLU1191', detail)
}

/** `1.2 GiB`. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  let value = bytes
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${unit === 0 ? value : Math.round(value * 10) / 10} ${units[unit]}`
}
