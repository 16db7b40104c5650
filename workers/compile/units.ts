// Durations and sizes as people write them.

const DURATION = /^([0-9]{1,9})(ms|s|m|h|d)$/
const SIZE = /^([0-9]{1,12})(B|KiB|MiB|GiB)?$/
const MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const

export const DURATION_PATTERN = '^[0-9]{1,9}(ms|s|m|h|d)$'
export const SIZE_PATTERN = '^[0-9]{1,12}(B|KiB|MiB|GiB)?$'

/** `200ms`, `30s`, `5m`, `1h`, `7d`. The grammar has checked the form. */
export function milliseconds(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? []
  return Number(count) * MS[unit as keyof typeof MS]
}

/** `1048576`, `512KiB`, `4MiB`. The grammar has checked the form. */
export function bytes(text: string | number): number {
  const [, count, unit = 'B'] = SIZE.exec(String(text)) ?? []
  return Number(count) * BYTES[unit as keyof typeof BYTES]
}
