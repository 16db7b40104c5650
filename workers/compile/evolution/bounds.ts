// Lower and upper bounds of numbers, lengths and counts.
import type { Branch } from './branch.ts'

/** Keywords of one measure, the least and the most; with the exclusive ones of numbers. */
export interface Measure {
  readonly least: string
  readonly most: string
  /** What holds without any of them. */
  readonly from: number
}

export const NUMBER: Measure = { least: 'minimum', most: 'maximum', from: -Infinity }
export const LENGTH: Measure = { least: 'minLength', most: 'maxLength', from: 0 }
export const ITEMS: Measure = { least: 'minItems', most: 'maxItems', from: 0 }
export const PROPERTIES: Measure = { least: 'minProperties', most: 'maxProperties', from: 0 }

export interface Bound {
  readonly at: number
  readonly open: boolean
}

export interface Bounds {
  readonly least: Bound
  readonly most: Bound
}

/** `facts` may be those of a branch, or the one schema that is asked about. */
export function boundsOf(
  facts: readonly { readonly schema: Readonly<Record<string, unknown>> }[],
  { least, most, from }: Measure,
  whole: boolean,
): Bounds {
  let low: Bound = { at: from, open: false }
  let high: Bound = { at: Infinity, open: false }
  const numbers = (keyword: string) =>
    facts.map(({ schema }) => schema[keyword]).filter((value) => typeof value === 'number')
  const isNumber = least === NUMBER.least
  for (const at of numbers(least)) low = higher(low, { at, open: false })
  for (const at of numbers(most)) high = lower(high, { at, open: false })
  if (isNumber) {
    for (const at of numbers('exclusiveMinimum')) low = higher(low, { at, open: true })
    for (const at of numbers('exclusiveMaximum')) high = lower(high, { at, open: true })
  }
  return whole && isNumber
    ? { least: ceiled(low), most: floored(high) }
    : { least: low, most: high }
}

export const isWithin = (inner: Bounds, outer: Bounds): { least: boolean; most: boolean } => ({
  least: higher(inner.least, outer.least) === inner.least || equal(inner.least, outer.least),
  most: lower(inner.most, outer.most) === inner.most || equal(inner.most, outer.most),
})

export const isEmptyRange = ({ least, most }: Bounds): boolean =>
  least.at > most.at || (least.at === most.at && (least.open || most.open))

/** Whether all numbers of a branch are whole. */
export const isWhole = ({ kinds }: Branch): boolean => !kinds.has('fraction')

const equal = (a: Bound, b: Bound) => a.at === b.at && a.open === b.open
const higher = (a: Bound, b: Bound) => (b.at > a.at || (b.at === a.at && b.open) ? b : a)
const lower = (a: Bound, b: Bound) => (b.at < a.at || (b.at === a.at && b.open) ? b : a)

const ceiled = ({ at, open }: Bound): Bound => ({
  at: open && Number.isInteger(at) ? at + 1 : Math.ceil(at),
  open: false,
})
const floored = ({ at, open }: Bound): Bound => ({
  at: open && Number.isInteger(at) ? at - 1 : Math.floor(at),
  open: false,
})
