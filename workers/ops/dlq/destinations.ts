// The dead-letter destinations of a fleet, and a way to look at each; looking takes nothing away.
import { jobsAt, queueAt, topicAt } from '../../core/address.ts'
import type { LogRange, LogView } from '../../core/log-view.ts'
import { SluiceError } from '../../core/errors.ts'
import { LETTER_PREFIX, lettersOfPipeline } from '../../core/letter.ts'
import { headerText, type LogMessage } from '../../core/message.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { jobsUse, type Connections } from '../../runtime/connections.ts'
import type { Formats } from '../../runtime/formats/formats.ts'
import { withContent } from './content.ts'
import { readLetter, type Foreign, type Letter, type Spot } from './letter.ts'

export interface Destination {
  /** In fleet.yaml. */
  readonly name: string
  readonly kind: 'topic' | 'stream' | 'jobs'
  /** The use of its connection. */
  readonly use: string
  /** How long its broker keeps a letter; undefined: nobody knows, or for ever. */
  readonly keepMs: number | undefined
}

/** All, or those that were asked for; SLU1001 for one that is none. */
export function destinationsOf(plan: FleetPlan, asked: readonly string[]): Destination[] {
  const topics = Object.values(plan.topics)
    .filter(({ deadLetters }) => deadLetters)
    .map((topic): Destination => ({ ...placeOf(topic), kind: 'topic' }))
  const queues = Object.values(plan.queues)
    .filter(({ deadLetters }) => deadLetters)
    .map((queue): Destination => ({ ...placeOf(queue), kind: 'stream' }))
  const jobs = failedJobs(plan).map(
    ({ name, connection, retention: { failedMs } }): Destination => ({
      name,
      kind: 'jobs',
      use: jobsUse(connection),
      keepMs: typeof failedMs === 'number' ? failedMs : undefined,
    }),
  )
  const all = [...topics, ...queues, ...jobs]
  for (const name of asked)
    if (!all.some((one) => one.name === name))
      throw new SluiceError('SLU1001', {
        message: `"${name}" holds no dead letters; what does: ${all.map((one) => one.name).join(', ') || 'nothing in this fleet'}`,
      })
  return asked.length === 0 ? all : all.filter(({ name }) => asked.includes(name))
}

/** Queues of jobs that keep their dead letters with the jobs that failed. */
function failedJobs({ pipelines, jobs }: FleetPlan) {
  const named = Object.values(pipelines)
    .filter(({ from }) => from.kind === 'jobs')
    .flatMap(lettersOfPipeline)
  return Object.values(jobs).filter(({ name }) => named.includes(name))
}

const placeOf = ({
  name,
  connection,
  retention: { timeMs },
}: FleetPlan['topics'][string] | FleetPlan['queues'][string]) => ({
  name,
  use: connection,
  keepMs: typeof timeMs === 'number' ? timeMs : undefined,
})

/** Whether a destination of that name is a stream. */
export function streamsAmong(destinations: readonly Destination[]): (name: string) => boolean {
  const streams = new Set(
    destinations.filter(({ kind }) => kind === 'stream').map(({ name }) => name),
  )
  return (name) => streams.has(name)
}

export interface Reach {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly connections: Pick<Connections, 'log' | 'queue' | 'jobs'>
  readonly formats: Formats
}

export function viewOf({ plan, prefix, connections }: Reach, { name, kind }: Destination): LogView {
  if (kind === 'topic') {
    const topic = topicAt(prefix, plan.topics[name] as FleetPlan['topics'][string])
    return connections.log(topic.connection).view(topic)
  }
  if (kind === 'jobs') {
    const jobs = jobsAt(prefix, plan.jobs[name] as FleetPlan['jobs'][string])
    return connections.jobs(jobs.connection).failed(jobs)
  }
  const queue = queueAt(prefix, plan.queues[name] as FleetPlan['queues'][string])
  return connections.queue(queue.connection).view(queue)
}

/** What is there now; nothing, where nobody has made the destination yet. */
export async function rangesOf(view: LogView): Promise<readonly LogRange[]> {
  try {
    return await view.ranges()
  } catch (thrown) {
    if (thrown instanceof SluiceError && NOT_THERE.has(thrown.code)) return []
    throw thrown
  }
}

const NOT_THERE: ReadonlySet<string> = new Set(['SLU5205', 'SLU5703'])

/** Every letter that stood there when it was asked, oldest first within a partition. */
export async function* lettersOf(
  reach: Reach,
  destination: Destination,
  ranges?: readonly LogRange[],
): AsyncGenerator<Letter | Foreign> {
  const view = viewOf(reach, destination)
  for (const range of ranges ?? (await rangesOf(view)))
    for await (const page of view.read(range))
      for (const message of page)
        yield await withContent(
          reach.formats,
          readLetter(spotOf(destination, range.partition, message), message),
        )
}

export function spotOf(
  { name, kind }: Destination,
  partition: number,
  { offset, headers }: LogMessage,
): Spot {
  const spot = { destination: name, partition, offset }
  const job = kind === 'jobs' ? headerText(headers, `${LETTER_PREFIX}message-id`) : undefined
  return job === undefined ? spot : { ...spot, job }
}
