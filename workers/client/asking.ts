// Asks over a queue for other services: one answer that fits, or one reason why there is none.
import { queueAt } from '../core/address.ts'
import { SluiceError } from '../core/errors.ts'
import { parseValue } from '../runtime/parse-value.ts'
import { encodeBody, traceHeaders } from '../steps/body.ts'
import { boundedId } from '../steps/effect-id.ts'
import { readAnswer } from '../steps/request.ts'
import { named, type ClientConnections, type ClientParts } from './parts.ts'
import type { RequestClient } from './shape.ts'

const WITHIN_MS = 30_000
/** Of an answer, bytes. */
const LARGEST = 1024 * 1024
const NEVER = new AbortController().signal

export function createAsking(
  parts: ClientParts,
  connections: ClientConnections,
  name: string,
): RequestClient<unknown, unknown> {
  const { plan, prefix, checkOf, tracer, world } = parts
  const asked = Object.fromEntries(
    Object.entries(plan.queues).filter(([, { reply }]) => reply !== undefined),
  )
  const queue = queueAt(prefix, named('queue that is answered', asked, name))
  const check = checkOf(queue.schema as string)
  const answer = {
    queue,
    at: queue.at,
    parse: (value: Uint8Array) => parseValue(value, LARGEST),
    checkReply: checkOf(queue.reply as string),
  }
  return {
    async ask(question, { id: given, trace = {}, withinMs = WITHIN_MS, signal = NEVER } = {}) {
      const value = encodeBody(question, `the question for ${name}`, check, queue.at)
      const id = boundedId(given ?? world.ids.next())
      await tracer.room()
      const span = tracer.send(
        { destination: name, system: 'rabbitmq', messageId: id, bytes: value.length },
        trace,
      )
      try {
        await connections.connected(queue.connection)
        const { requests } = connections.of(queue.connection).queue(queue.connection)
        const message = {
          id,
          type: name,
          source: `/${plan.fleet}`,
          key: null,
          value,
          headers: traceHeaders(span.context),
          timestamp: world.clock.now(),
          contentType: 'application/json',
        }
        return readAnswer(answer, await requests.ask(queue, message, withinMs, signal))
      } catch (error) {
        if (error instanceof SluiceError) span.fail(error)
        throw error
      } finally {
        span.end()
      }
    },
  }
}
