// `npm start`: every pipeline on the embedded drivers, made-up traffic, a live line, and what to try next.
import type { World } from '../core/clock.ts'
import type { Composition } from './composition.ts'
import { startLiveLine } from './live-line.ts'
import { run, type Started } from './run.ts'
import { runPlatform } from './platform-traffic.ts'
import { makeMessage } from './traffic.ts'

export interface DemoOptions {
  readonly project?: string
  /** Messages a second. */
  readonly rate: number
  readonly seconds?: number
}

const TOPIC = 'ml_events'

const NEXT = `
What to try next
  edit pipelines/predictions.yaml, then       npx sluice check
  one event, no brokers                       npx sluice run predictions --embedded --feed ml_events=FILE --until-idle
  real Kafka, RabbitMQ and Redis              npm run brokers -- up
`

export async function demo(options: DemoOptions, composition: Composition): Promise<number> {
  const { world } = composition
  process.stdout.write(
    `Traffic for every pipeline on embedded drivers, about ${options.rate} messages a second on topic ${TOPIC}. Ctrl-C drains and stops.\n`,
  )
  const code = await run(
    {
      ...(options.project === undefined ? {} : { project: options.project }),
      pipelines: [],
      embedded: true,
      feeds: [],
      untilIdle: options.seconds !== undefined,
      format: 'text',
      traffic: (started) => makeTraffic(started, options, world),
    },
    composition,
  )
  process.stdout.write(NEXT)
  return code
}

async function makeTraffic(
  { worker, stop, send, client }: Started,
  options: DemoOptions,
  world: World,
): Promise<void> {
  const { clock } = world
  const line = startLiveLine(process.stdout, worker.counts, world)
  const sink = send(TOPIC)
  const startedAt = clock.monotonic()
  const endsAt = startedAt + (options.seconds ?? Infinity) * 1000
  const isOver = () => stop.requested || clock.monotonic() >= endsAt
  const platform = runPlatform(client, isOver, world)
  for (let made = 0; !isOver();) {
    const due = Math.floor(((clock.monotonic() - startedAt) / 1000) * options.rate)
    const batch: Promise<void>[] = []
    for (; made < due; made++)
      batch.push(
        sink.send({
          ...makeMessage(world),
          id: world.ids.next(),
          timestamp: clock.now(),
          contentType: 'application/json',
        }),
      )
    await Promise.all(batch)
    await clock.sleep(20)
  }
  await platform
  line.stop()
}
