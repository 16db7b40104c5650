// What the brokers hold once a run is over, read through drivers of its own: what went over the wire, and not what was said of it.
import { jobsAt, queueAt, topicAt } from '../../workers/core/address.ts'
import type { Intake, Source } from '../../workers/core/contract.ts'
import type { LogView } from '../../workers/core/log-view.ts'
import { silentLog } from '../../workers/core/log.ts'
import { headerText, type PlacedMessage, type QueueMessage } from '../../workers/core/message.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import { jobsUse, makeConnections } from '../../workers/runtime/connections.ts'
import type { Seen } from '../../workers/testing/seen.ts'
import type { Stage } from '../../workers/testing/stage.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { ofTheRun, sorted, type Fields } from './outcome.ts'

const LONGEST_MS = 15_000

/** By destination, in any order. `seen`: what is expected to be there. */
export async function heldBy(
  plan: FleetPlan,
  stage: Stage,
  seen: readonly Seen[],
): Promise<Record<string, Fields[]>> {
  const { world, prefix, factories } = stage
  const uses = ['events', 'others', 'work', jobsUse('hot')]
  const connections = makeConnections({ plan, factories, world, log: silentLog }, uses)
  await Promise.all([...connections.all.values()].map((driver) => driver.connect()))
  const held: Record<string, Fields[]> = {}
  const sentTo = (destination: string) => seen.filter((one) => one.destination === destination)
  const consumed = async (name: string, source: Source, count: number) => {
    held[name] = sorted((await offered(stage, source, count)).map(fieldsOf))
  }
  const viewed = async (name: string, view: LogView) => {
    const all: Fields[] = []
    for (const range of await view.ranges())
      for await (const page of view.read(range))
        all.push(
          ...page.map((one) => ({
            ...fieldsOf(one),
            // What has no key goes anywhere.
            ...(one.key === null ? {} : { partition: range.partition }),
          })),
        )
    held[name] = sorted(all)
  }
  try {
    for (const name of new Set(seen.map(({ destination }) => destination))) {
      const [topic, queue, jobs] = [plan.topics[name], plan.queues[name], plan.jobs[name]]
      if (topic !== undefined)
        await viewed(name, connections.log(topic.connection).view(topicAt(prefix, topic)))
      else if (queue?.type === 'stream')
        await viewed(name, connections.queue(queue.connection).view(queueAt(prefix, queue)))
      else if (jobs !== undefined && sentTo(name).some(({ section }) => section === 'deadLetters'))
        await viewed(name, connections.jobs(jobs.connection).failed(jobsAt(prefix, jobs)))
      else if (jobs !== undefined) {
        const target = { jobs: jobsAt(prefix, jobs), prefetch: 1_000 }
        const ids = new Set(sentTo(name).map(({ fields }) => fields['id']))
        await consumed(name, connections.jobs(jobs.connection).source(target), ids.size)
      }
    }
    for (const { name, bindings, type, connection, reply } of Object.values(plan.queues)) {
      if (type === 'stream' || reply !== undefined) continue
      const through = bindings.flatMap(({ exchange, key }) =>
        sentTo(exchange).filter(
          ({ fields }) => key === '#' || String(fields['key']).startsWith('large.'),
        ),
      )
      const count = through.length + sentTo(name).length
      if (count === 0) continue
      const queue = queueAt(prefix, plan.queues[name] as FleetPlan['queues'][string])
      await consumed(name, connections.queue(connection).source({ queue, prefetch: 1_000 }), count)
    }
    return held
  } finally {
    await during(stage, Promise.all([...connections.all.values()].map((driver) => driver.close())))
  }
}

/** What the source hands over, as soon as there is so much of it; none of it is settled. */
export async function offered(
  stage: Stage,
  source: Source,
  count: number,
): Promise<PlacedMessage[]> {
  const { clock } = stage.world
  const intake = new RecordingIntake()
  await during(stage, source.start(intake as Intake))
  const deadline = clock.monotonic() + LONGEST_MS
  while (intake.seen.length < count && clock.monotonic() < deadline) await stage.step(() => 0)
  await during(stage, source.stop())
  return intake.seen.map(({ message }) => message)
}

/** Lets time pass meanwhile. */
export async function during<T>(stage: Stage, work: Promise<T>): Promise<T> {
  let over = false
  const end = () => (over = true)
  work.then(end, end)
  while (!over) await stage.step(() => 0)
  return work
}

const textOf = (bytes: Uint8Array | null) =>
  bytes === null ? null : Buffer.from(bytes).toString('latin1')

function fieldsOf(message: PlacedMessage): Fields {
  const { id, type, source } = message as Partial<QueueMessage>
  const names = Object.keys(message.headers).filter((name) => !ofTheRun(name))
  return {
    key: textOf(message.key),
    value: textOf(message.value),
    headers: Object.fromEntries(
      names.toSorted().map((name) => [name, headerText(message.headers, name)]),
    ),
    ...(id === undefined ? {} : { id }),
    ...(type === undefined ? {} : { type }),
    ...(source === undefined ? {} : { source }),
  }
}
