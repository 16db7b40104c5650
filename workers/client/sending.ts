// Sends what other services have to say: checked against the schema of where it goes, under a trace, confirmed.
import type { Check } from '../core/check.ts'
import type { OutMessage, Sink } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Position } from '../core/plan.ts'
import type { SendOperation, TraceContext } from '../core/telemetry.ts'
import { encodeBody, traceHeaders } from '../steps/body.ts'
import { boundedId } from '../steps/effect-id.ts'
import type { ClientConnections, ClientParts } from './parts.ts'
import type { Sent } from './shape.ts'

export interface Destination {
  readonly name: string
  readonly system: SendOperation['system']
  /** Of the connections that it takes. */
  readonly uses: readonly string[]
  readonly at: Position
  readonly check: Check
  readonly sink: () => Sink
}

/** What only some destinations have. */
type Addressed = Pick<OutMessage, 'routingKey' | 'job' | 'type' | 'source'> & {
  readonly key?: string | undefined
}

export interface Outgoing extends Addressed {
  readonly body: unknown
  readonly id: string | undefined
  readonly trace: TraceContext | undefined
}

export type SendOut = (outgoing: Outgoing) => Promise<Sent>

export function createSending(
  { tracer, world }: ClientParts,
  connections: ClientConnections,
  { name, system, uses, at, check, sink }: Destination,
): SendOut {
  return async ({ body, id: asked, trace, key, ...addressed }) => {
    const value = encodeBody(body, `what was given for ${name}`, check, at)
    const id = boundedId(asked ?? world.ids.next())
    await tracer.room()
    const span = tracer.send(
      { destination: name, system, messageId: id, bytes: value.length },
      trace ?? {},
    )
    try {
      await connections.allConnected(uses)
      await sink().send({
        id,
        ...addressed,
        key: key === undefined ? null : Buffer.from(key),
        value,
        headers: traceHeaders(span.context),
        timestamp: world.clock.now(),
        contentType: 'application/json',
      })
      return { id }
    } catch (error) {
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }
}
