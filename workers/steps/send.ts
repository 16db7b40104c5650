// Sends a command to a queue, an event to a topic, a job, or a value to a store; resolves only when its broker confirmed it.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { OutMessage, Sink } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { ExpressionPlan } from '../core/plan.ts'
import { isVersion } from '../core/stored.ts'
import type { SendStepPlan } from '../core/plan-walk.ts'
import type { Tracer } from '../core/telemetry.ts'
import { encodeBody, traceHeaders } from './body.ts'
import { evaluate, type StepContext } from './context.ts'
import { boundedId, effectId } from './effect-id.ts'

export interface SendParts {
  readonly plan: SendStepPlan
  readonly pipeline: string
  /** CloudEvents source of what is sent: `/fleet/pipeline`. */
  readonly source: string
  readonly destination: string
  readonly system: 'kafka' | 'rabbitmq' | 'bullmq' | 'redis'
  readonly sink: Sink
  readonly check: Check
  /** How what fits the schema stands on the broker. Absent: as JSON. */
  readonly encode?: ((json: Uint8Array) => Promise<Uint8Array>) | undefined
  readonly tracer: Tracer
  readonly world: World
  readonly sent: Record<string, number>
}

export type Send = (
  ctx: StepContext,
  key: (() => unknown) | undefined,
  body: () => unknown,
  version?: () => unknown,
) => Promise<void>

export function createSend(parts: SendParts): Send {
  const { plan, destination, system, pipeline, tracer, world, sent } = parts
  const keyPlan = plan.kind === 'job' ? plan.identity : plan.key
  return async (ctx, key, body, version) => {
    const what = `the body for ${destination}`
    const json = encodeBody(evaluate(plan.body, body), what, parts.check, plan.body.at)
    const keyText =
      key === undefined || keyPlan === undefined
        ? undefined
        : keyOf(plan, keyPlan, evaluate(keyPlan, key))
    const numbered = plan.kind === 'store' ? versionOf(plan.version, version) : {}
    // Whoever has to be asked for that is asked before: from here on to the effect nothing is waited for.
    const value = parts.encode === undefined ? json : await parts.encode(json)
    ctx.assertLive()
    const own = plan.kind === 'job' ? keyText : undefined
    const id = own === undefined ? effectId(ctx, pipeline, plan.id) : boundedId(own)
    const span = tracer.send(
      {
        destination,
        system,
        messageId: id,
        pipeline,
        step: plan.id,
        item: ctx.item,
        bytes: value.length,
      },
      ctx.span.context,
    )
    const timestamp = world.clock.now()
    try {
      await parts.sink.send({
        id,
        type: destination,
        source: parts.source,
        ...addressed(plan, keyText),
        ...numbered,
        value,
        ...(value === json ? {} : { plain: json }),
        headers: traceHeaders(span.context),
        timestamp,
        contentType: 'application/json',
      })
      sent[destination] = (sent[destination] ?? 0) + 1
    } catch (error) {
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }
}

/** The key of an event goes with it; that of a command decides where it goes; that of a job is its id; that of a value says where it stands. */
function addressed(plan: SendParts['plan'], key: string | undefined) {
  switch (plan.kind) {
    case 'command':
      return { key: null, ...(key === undefined ? {} : { routingKey: key }) }
    case 'event':
    case 'store':
      return { key: key === undefined ? null : Buffer.from(key) }
    case 'job':
      return { key: null, job: { delayMs: plan.delayMs, priority: plan.priority } }
  }
}

function versionOf(
  plan: ExpressionPlan | undefined,
  version: (() => unknown) | undefined,
): Pick<OutMessage, 'version'> {
  if (plan === undefined || version === undefined) return {}
  const value = evaluate(plan, version)
  if (isVersion(value)) return { version: value }
  throw new SluiceError('SLU5411', { at: plan.at })
}

function keyOf(
  { kind }: SendParts['plan'],
  plan: ExpressionPlan,
  key: unknown,
): string | undefined {
  if (kind === 'job' || kind === 'store') return given(kind, plan, key)
  if (key === null || key === undefined) return undefined
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean')
    return String(key)
  throw new SluiceError('SLU5104', {
    message: 'a key is a string, a number, a boolean or null',
    at: plan.at,
  })
}

/** What is nothing would make one job, or one value, of all that have none. */
function given(kind: 'job' | 'store', { at }: ExpressionPlan, key: unknown): string {
  if ((typeof key === 'string' && key !== '') || typeof key === 'number') return String(key)
  throw new SluiceError(kind === 'job' ? 'SLU5120' : 'SLU5110', { at })
}
