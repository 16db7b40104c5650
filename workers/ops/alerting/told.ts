// What was said of one thing last, as it stands in the state store: whoever watches next goes on from there.
import type { Status } from '../health/health.ts'

export interface Told {
  /** Counts what was said of it; the same number is the same message, whoever sends it. */
  readonly nth: number
  readonly status: Status
  /** When, by the clock of who said it, milliseconds. */
  readonly at: number
}

export const NOTHING: Told = { nth: 0, status: 'pass', at: 0 }

/** Of a thing that is well and never was mentioned again. */
export const KEEP_TOLD_MS = 30 * 24 * 3_600_000

export const toldText = ({ nth, status, at }: Told): string =>
  JSON.stringify({ version: 1, nth, status, at })

/** Undefined for what this version did not write. */
export function toldOf(text: string): Told | undefined {
  try {
    const { version, ...told } = JSON.parse(text) as Told & { readonly version: unknown }
    return version === 1 ? told : undefined
  } catch {
    return undefined
  }
}
