// Durations and sizes as people write them.

export const DURATION_PATTERN = '^[0-9]{1,9}(ms|s|m|h|d)$'
export const SIZE_PATTERN = '^[0-9]{1,16}(B|KiB|MiB|GiB)?$'

const DURATION = new RegExp(DURATION_PATTERN)
/** Limits of ours have more digits than anybody may write. */
const SIZE = /^[0-9]{1,16}(B|KiB|MiB|GiB)?$/
const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** `200ms`, `30s`, `5m`, `1h`, `7d`; NaN for anything else, of which the grammar has spoken. */
export function milliseconds(text: unknown): number {
  const [whole, unit = ''] = DURATION.exec(String(text)) ?? []
  return whole === undefined ? NaN : parseInt(whole, 10) * (MS[unit] ?? NaN)
}

/** `1048576`, `512KiB`, `4MiB`; NaN for anything else. */
export function bytes(text: unknown): number {
  const [whole, unit = 'B'] = SIZE.exec(String(text)) ?? []
  return whole === undefined ? NaN : parseInt(whole, 10) * (BYTES[unit] ?? NaN)
}
