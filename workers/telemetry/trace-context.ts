// W3C trace context in and out of headers; what it reads is hostile, and it never throws on it.
import type { TraceContext } from '../core/telemetry.ts'

export interface ParsedContext {
  readonly traceId: string
  readonly spanId: string
  readonly flags: number
  readonly tracestate: string | undefined
}

export const SAMPLED = 1
/** Says that the trace id is random; it travels with the id. */
const RANDOM = 2

// Version ff is forbidden and ids are never all zero. Version 00 ends after its flags, later versions may go on after a dash.
const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?=$|-)/
const LENGTH = 55
const LONGEST = 256

const TRACESTATE = /^[\x21-\x7e][\x20-\x7e]{0,511}$/

function match(context: TraceContext): RegExpExecArray | undefined {
  const { traceparent } = context
  if (traceparent === undefined) return undefined
  if (traceparent.length !== LENGTH) {
    if (traceparent.length < LENGTH || traceparent.length > LONGEST) return undefined
    if (traceparent.startsWith('00')) return undefined
  }
  return TRACEPARENT.exec(traceparent) ?? undefined
}

/** Undefined when there is no usable context. A `tracestate` that is malformed or longer than 512 characters is dropped. */
export function parseContext(context: TraceContext): ParsedContext | undefined {
  const found = match(context)
  if (found === undefined) return undefined
  return {
    traceId: found[2] as string,
    spanId: found[3] as string,
    flags: Number.parseInt(found[4] as string, 16) & (SAMPLED | RANDOM),
    tracestate: validState(context.tracestate),
  }
}

function validState(tracestate: string | undefined): string | undefined {
  return tracestate !== undefined && tracestate.includes('=') && TRACESTATE.test(tracestate)
    ? tracestate
    : undefined
}

export function formatContext(parsed: ParsedContext): TraceContext {
  const { traceId, spanId, flags, tracestate } = parsed
  const traceparent = `00-${traceId}-${spanId}-0${flags}`
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
}

const ABSENT: TraceContext = Object.freeze({})

/** What may be passed on of a context that came from outside: itself if it is sound, the sound part of it, or nothing. */
export function soundContext(context: TraceContext): TraceContext {
  if (context.traceparent === undefined || match(context) === undefined) return ABSENT
  if (context.tracestate === undefined || validState(context.tracestate) !== undefined)
    return context
  return { traceparent: context.traceparent }
}
