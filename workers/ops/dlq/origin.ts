// Where a letter may go back to, and as what: its own source, with its own bytes, key and headers. A letter came from outside, so the fleet decides.
import { firingsAt, jobsAt, queueAt, topicAt } from '../../core/address.ts'
import type { Jobs, Sink } from '../../core/contract.ts'
import type { LogView } from '../../core/log-view.ts'
import { SluiceError } from '../../core/errors.ts'
import { lettersOfPipeline } from '../../core/letter.ts'
import type { Headers } from '../../core/message.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { sourceName } from '../../core/source-plan.ts'
import { sourceUse } from '../../runtime/connections.ts'
import type { Formats } from '../../runtime/formats/formats.ts'
import { encodingSink } from '../../runtime/formats/topic-format.ts'
import { contentOf } from './content.ts'
import type { Reach } from './destinations.ts'
import { originName, type Letter, type Origin } from './letter.ts'

export interface Target {
  readonly kind: Origin['kind']
  readonly name: string
  readonly sink: Sink
  /** Of a topic: whether something arrived can be seen. */
  readonly view: LogView | undefined
  /** For so long at least the same message, sent once more, is no second one; 0: it is. */
  readonly remembersMs: number
}

/** The uses of connections that a replay may send to. */
export const originConnections = (plan: FleetPlan): string[] =>
  Object.values(plan.pipelines).map(({ from }) => sourceUse(plan, from))

/**
 * SLU5705 when the origin is not a source of this fleet whose pipeline sends its dead letters to where this one stands: a letter that
 * somebody forged reaches no other topic or queue.
 */
export function targetOf({ plan, prefix, connections, formats }: Reach, letter: Letter): Target {
  const { origin, fleet, spot } = letter
  const name = originName(origin)
  const reader = Object.values(plan.pipelines).find(
    (pipeline) =>
      pipeline.from.kind === origin.kind &&
      sourceName(pipeline.from) === name &&
      lettersOfPipeline(pipeline).includes(spot.destination),
  )
  if (fleet !== plan.fleet || reader === undefined)
    throw new SluiceError('SLU5705', {
      message:
        fleet === plan.fleet
          ? `no pipeline reads ${origin.kind} "${name}" and sends its dead letters to "${spot.destination}"`
          : `it comes from fleet "${fleet}"`,
    })
  if (origin.kind === 'topic') {
    const topic = topicAt(prefix, plan.topics[name] as FleetPlan['topics'][string])
    const driver = connections.log(topic.connection)
    return {
      kind: 'topic',
      name,
      sink: encodingSink(driver.sink(topic), formats(name)),
      view: driver.view(topic),
      remembersMs: 0,
    }
  }
  if (reader.from.kind === 'schedule') {
    const firings = firingsAt(prefix, fleet, reader.from)
    const sink = connections.jobs(firings.connection).sink(firings)
    return { kind: 'schedule', name, sink, view: undefined, remembersMs: remembered(firings) }
  }
  if (origin.kind === 'jobs') {
    const jobs = jobsAt(prefix, plan.jobs[name] as FleetPlan['jobs'][string])
    const sink = connections.jobs(jobs.connection).sink(jobs)
    return { kind: 'jobs', name, sink, view: undefined, remembersMs: remembered(jobs) }
  }
  const queue = queueAt(prefix, plan.queues[name] as FleetPlan['queues'][string])
  const sink = connections.queue(queue.connection).sink(queue)
  return { kind: 'queue', name, sink, view: undefined, remembersMs: reader.once?.windowMs ?? 0 }
}

/** BullMQ takes no second job by an id that it remembers. */
function remembered({ retention: { completedMs, failedMs } }: Pick<Jobs, 'retention'>): number {
  const of = (ms: number | 'forever') => (ms === 'forever' ? Infinity : ms)
  return Math.min(of(completedMs), of(failedMs))
}

/** Pipelines that will get a replay as well, since they read where it goes: with `once` they know it, without they do it again. */
export const alsoReading = ({ pipelines }: FleetPlan, { origin, pipeline }: Letter): string[] =>
  Object.values(pipelines)
    .filter(({ from }) => from.kind === origin.kind && sourceName(from) === originName(origin))
    .filter(({ name, once }) => name !== pipeline && once === undefined)
    .map(({ name }) => name)

export interface Original {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** What it says, as `content` of a letter. */
  readonly content: Uint8Array | null
  readonly headers: Headers
}

/** The message as it was. What did not fit into the letter is fetched from where it stood, if it stands there still; else SLU5706. */
export async function originalOf(
  letter: Letter,
  target: Target,
  formats: Formats,
): Promise<Original> {
  const { message, content, payload, payloadBytes, origin } = letter
  const { key, headers } = message
  if (payload === 'none') return { key, value: null, content: null, headers }
  if (payload === 'complete') return { key, value: message.value, content, headers }
  if (origin.kind === 'topic' && target.view !== undefined) {
    const { partition, offset } = origin
    for await (const page of target.view.read({ partition, from: offset, to: offset + 1 }))
      for (const found of page)
        if (found.offset === offset && found.value?.length === payloadBytes)
          return { ...found, content: await contentOf(formats, origin, found.value) }
  }
  throw new SluiceError('SLU5706', {
    message: `its ${payloadBytes} bytes did not fit into the letter, and are not at their origin any more`,
  })
}
