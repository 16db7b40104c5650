// Asks over a queue and waits for the answer; a request that is tried again keeps its id, so that who answers can tell.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { Queue, Requests } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { RawMessage } from '../core/message.ts'
import type { Position, RequestStepPlan } from '../core/plan.ts'
import { refusalOf } from '../core/refusal.ts'
import type { RequestCounts, Tracer } from '../core/telemetry.ts'
import { encodeBody, traceHeaders } from './body.ts'
import { evaluate, type StepContext } from './context.ts'
import { effectId } from './effect-id.ts'

export interface RequestParts {
  readonly plan: RequestStepPlan
  readonly pipeline: string
  /** CloudEvents source of what is sent: `/fleet/pipeline`. */
  readonly source: string
  readonly queue: Queue
  readonly requests: Requests
  readonly check: Check
  /** Reads an answer: throws for what is no JSON. */
  readonly parse: (value: Uint8Array) => unknown
  readonly checkReply: Check
  readonly tracer: Tracer
  readonly world: World
  readonly sent: Record<string, number>
  readonly counts: RequestCounts
}

export type Request = (ctx: StepContext, body: () => unknown) => Promise<unknown>

export function createRequest(parts: RequestParts): Request {
  const { plan, pipeline, queue, requests, tracer, world, sent, counts } = parts
  return async (ctx, body) => {
    const what = `the body for ${queue.name}`
    const value = encodeBody(evaluate(plan.body, body), what, parts.check, plan.body.at)
    ctx.assertLive()
    const id = effectId(ctx, pipeline, plan.id)
    const destination = queue.name
    const span = tracer.send(
      {
        destination,
        system: 'rabbitmq',
        messageId: id,
        pipeline,
        step: plan.id,
        item: ctx.item,
        bytes: value.length,
      },
      ctx.span.context,
    )
    counts.pending++
    try {
      const message = {
        id,
        type: destination,
        source: parts.source,
        key: null,
        value,
        headers: traceHeaders(span.context),
        timestamp: world.clock.now(),
        contentType: 'application/json',
      }
      const reply = await requests.ask(queue, message, plan.timeoutMs, ctx.signal)
      sent[destination] = (sent[destination] ?? 0) + 1
      counts.answered++
      return readAnswer({ ...parts, at: plan.at }, reply)
    } catch (error) {
      counts.failed++
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      counts.pending--
      span.end()
    }
  }
}

/** What an answer is read by. */
export interface AnswerParts extends Pick<RequestParts, 'queue' | 'parse' | 'checkReply'> {
  /** Who asked. */
  readonly at: Position
}

/** Throws the refusal that it is, or SLU5313. */
export function readAnswer(
  { queue, at, parse, checkReply }: AnswerParts,
  { value, headers }: RawMessage,
): unknown {
  const refusal = refusalOf(headers, queue.name)
  if (refusal !== undefined) throw refusal
  const unfit = (problem: string, cause?: unknown) =>
    new SluiceError('SLU5313', {
      message: `the answer of ${queue.name} does not fit ${queue.reply}: ${problem}`,
      at,
      cause,
    })
  let data: unknown
  try {
    data = parse(value ?? new Uint8Array())
  } catch (error) {
    throw unfit((error as Error).message, error)
  }
  const problem = checkReply(data)
  if (problem !== undefined) throw unfit(problem)
  return data
}
