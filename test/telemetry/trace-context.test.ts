import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatContext, parseContext, soundContext } from '../../workers/telemetry/trace-context.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const GOOD = `00-${TRACE}-${SPAN}-01`

describe('trace context', () => {
  it('reads a well-formed traceparent and writes the same one', () => {
    const parsed = parseContext({ traceparent: GOOD, tracestate: 'vendor=a,other=b' })
    expect(parsed).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      flags: 1,
      tracestate: 'vendor=a,other=b',
    })
    expect(formatContext(parsed!)).toEqual({ traceparent: GOOD, tracestate: 'vendor=a,other=b' })
  })

  it('keeps the sampled and the random flag and no other', () => {
    expect(parseContext({ traceparent: `00-${TRACE}-${SPAN}-ff` })?.flags).toBe(3)
    expect(parseContext({ traceparent: `00-${TRACE}-${SPAN}-00` })?.flags).toBe(0)
  })

  it('reads a later version by the fields that version 00 has', () => {
    expect(parseContext({ traceparent: `cc-${TRACE}-${SPAN}-01` })?.traceId).toBe(TRACE)
    expect(parseContext({ traceparent: `cc-${TRACE}-${SPAN}-01-more` })?.traceId).toBe(TRACE)
  })

  it.each([
    ['empty', ''],
    ['cut off', GOOD.slice(0, -1)],
    ['longer than version 00 may be', `${GOOD}-more`],
    ['a later version without a dash after its flags', `cc-${TRACE}-${SPAN}-01more`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['an all-zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', GOOD.toUpperCase()],
    ['no hexadecimal', `00-${'g'.repeat(32)}-${SPAN}-01`],
    ['other separators', GOOD.replaceAll('-', '_')],
    ['spaces around', ` ${GOOD}`],
    ['a newline at the end', `${GOOD}\n`],
    ['a version that is no hexadecimal', `zz-${TRACE}-${SPAN}-01`],
    ['very long', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(100_000)}`],
  ])('drops a traceparent that is malformed: %s', (_what, traceparent) => {
    expect(parseContext({ traceparent, tracestate: 'a=b' })).toBeUndefined()
    expect(soundContext({ traceparent, tracestate: 'a=b' })).toEqual({})
  })

  it.each([
    ['longer than 512 characters', `a=${'x'.repeat(511)}`],
    ['with control characters', 'a=b\r\nx-evil: 1'],
    ['beyond ASCII', 'a=ü'],
    ['without a pair', 'nothing'],
    ['empty', ''],
  ])('drops a tracestate that is malformed and keeps the rest: %s', (_what, tracestate) => {
    expect(parseContext({ traceparent: GOOD, tracestate })).toMatchObject({
      traceId: TRACE,
      tracestate: undefined,
    })
    expect(soundContext({ traceparent: GOOD, tracestate })).toEqual({ traceparent: GOOD })
  })

  it('drops a tracestate that stands alone', () => {
    expect(soundContext({ tracestate: 'a=b' })).toEqual({})
  })

  it('passes a sound context on as it is, without a copy', () => {
    const context = { traceparent: GOOD, tracestate: `a=${'x'.repeat(510)}` }
    expect(soundContext(context)).toBe(context)
  })

  it('never throws, and whatever it accepts it writes as a valid version 00', () => {
    const part = fc.constantFrom('00', 'ff', 'cc', TRACE, SPAN, '0'.repeat(32), '01', '-', 'é', ' ')
    const hostile = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 9 }).map((p) => p.join('')),
    )
    fc.assert(
      fc.property(hostile, fc.option(fc.string(), { nil: undefined }), (traceparent, state) => {
        const context = { traceparent, ...(state === undefined ? {} : { tracestate: state }) }
        const parsed = parseContext(context)
        expect(soundContext(context).traceparent !== undefined).toBe(parsed !== undefined)
        if (parsed === undefined) return
        expect(formatContext(parsed).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$/)
      }),
    )
  })
})
