// Answers who asked: with the pipeline's reply, or with why there is none. Whoever is gone is counted, and is no failure.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { ReplyTo, Requests } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Headers } from '../core/message.ts'
import type { ExpressionPlan } from '../core/plan.ts'
import { refusalHeaders } from '../core/refusal.ts'
import type { ReplyCounts, Span, Tracer } from '../core/telemetry.ts'
import { encodeBody, traceHeaders } from './body.ts'
import { evaluate, type StepContext } from './context.ts'
import { effectId } from './effect-id.ts'

export interface ReplyParts {
  readonly plan: ExpressionPlan
  readonly pipeline: string
  /** The queue that was asked. */
  readonly queue: string
  readonly requests: Requests
  readonly check: Check
  readonly tracer: Tracer
  readonly world: World
  readonly counts: ReplyCounts
}

export interface Reply {
  /**
   * Resolves once the answer is confirmed, or came back because nobody is there to take it. `remember` is done with it
   * before anybody has it.
   */
  give(
    ctx: StepContext,
    to: ReplyTo,
    body: () => unknown,
    remember: (value: string) => Promise<void>,
  ): Promise<void>
  /** Once more, as it was remembered; undefined: it was not. */
  repeat(ctx: StepContext, to: ReplyTo, value: string | undefined): Promise<void>
  /** Says that there will be no answer. Rejects as a send does. */
  refuse(id: string, to: ReplyTo, error: SluiceError, span: Span | undefined): Promise<void>
}

export const REPLY_STEP = 'reply'

export function createReply(parts: ReplyParts): Reply {
  const { plan, pipeline, queue, requests, tracer, world, counts } = parts
  const send = async (
    id: string,
    to: ReplyTo,
    value: Buffer,
    headers: Headers,
    parent: Span | undefined,
  ) => {
    const span = tracer.send(
      {
        destination: `${queue} reply`,
        system: 'rabbitmq',
        messageId: id,
        pipeline,
        step: REPLY_STEP,
        bytes: value.length,
      },
      parent?.context ?? {},
    )
    try {
      const taken = await requests.answer(to, {
        id,
        key: null,
        value,
        headers: { ...headers, ...traceHeaders(span.context) },
        timestamp: world.clock.now(),
        contentType: 'application/json',
      })
      if (taken) counts.sent++
      else counts.undeliverable++
    } catch (error) {
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }
  return {
    async give(ctx, to, body, remember) {
      const what = `the reply of ${queue}`
      const value = encodeBody(evaluate(plan, body), what, parts.check, plan.at)
      ctx.assertLive()
      await remember(value.toString())
      await send(effectId(ctx, pipeline, REPLY_STEP), to, value, {}, ctx.span)
    },
    async repeat(ctx, to, value) {
      ctx.assertLive()
      const lost = new SluiceError('SLU5312', { message: 'the answer to it is not remembered' })
      const headers = value === undefined ? refusalHeaders(lost) : {}
      const bytes = Buffer.from(value ?? 'null')
      await send(effectId(ctx, pipeline, REPLY_STEP), to, bytes, headers, ctx.span)
    },
    refuse: (id, to, error, span) =>
      send(`${id}/refused`, to, Buffer.from('null'), refusalHeaders(error), span),
  }
}
