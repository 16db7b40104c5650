// Which traces are recorded; everything unless OTEL_TRACES_SAMPLER says otherwise. Never looks at what a message holds.
import { SAMPLED } from './trace-context.ts'

/** `parent` holds the flags of the span's parent, undefined for the first span of a trace. */
export type Sampler = (traceId: string, parent: number | undefined) => boolean

/** The lowest 56 bits of a trace id are random by W3C's rule: the same trace gets the same answer in every process. */
function ratio(share: number): Sampler {
  const limit = share * 2 ** 56
  return (traceId) => Number.parseInt(traceId.slice(18), 16) < limit
}

const always: Sampler = () => true
const never: Sampler = () => false
const parentBased =
  (root: Sampler): Sampler =>
  (traceId, parent) =>
    parent === undefined ? root(traceId, parent) : (parent & SAMPLED) !== 0

const NAMED: Readonly<Record<string, (share: number) => Sampler>> = {
  always_on: () => always,
  always_off: () => never,
  traceidratio: ratio,
  parentbased_always_on: () => parentBased(always),
  parentbased_always_off: () => parentBased(never),
  parentbased_traceidratio: (share) => parentBased(ratio(share)),
}

export const SAMPLERS: readonly string[] = Object.keys(NAMED)

/**
 * The default is `always_on`, not the SDKs' `parentbased_always_on`: an event whose producer was not sampled still shows what
 * this fleet did with it.
 */
export function createSampler(name = 'always_on', share = 1): Sampler | undefined {
  return Object.hasOwn(NAMED, name) ? NAMED[name]?.(share) : undefined
}
