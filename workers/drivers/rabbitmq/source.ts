// A consumer of one queue that comes back by itself after each loss; each of its lives is a lane of its own.
import type {
  DriverContext,
  Intake,
  Lane,
  QueueSource,
  QueueSourceOptions,
} from '../../core/contract.ts'
import { Supervisor } from '../../core/supervisor.ts'
import { openConsumer, type ConsumerLife } from './consumer-life.ts'
import { away, nameOf, type Place } from './errors.ts'

export class RabbitmqSource implements QueueSource {
  private readonly options: QueueSourceOptions
  private readonly place: Place
  private readonly context: DriverContext
  private supervisor: Supervisor<ConsumerLife> | undefined
  private ending: Promise<void> | undefined

  constructor(options: QueueSourceOptions, place: Place, context: DriverContext) {
    this.options = options
    this.place = place
    this.context = context
  }

  async start(intake: Intake): Promise<void> {
    if (this.ending !== undefined) return
    const { options, place, context } = this
    const supervisor = new Supervisor<ConsumerLife>({
      world: context.world,
      log: context.log,
      name: `${nameOf(place)}, queue ${options.queue.address},`,
      absent: () => away(place, 'is not connected'),
      open: (lost, signal) => openConsumer({ place, context, options, intake, lost }, signal),
    })
    this.supervisor = supervisor
    await supervisor.connect().catch((error: unknown) => {
      context.log.warn(
        { err: error, queue: options.queue.name },
        'The queue cannot be read yet; the source keeps trying.',
      )
    })
  }

  stop(): Promise<void> {
    this.ending ??= this.leave()
    return this.ending
  }

  ack(lane: Lane, tag: number): void {
    const life = this.supervisor?.link
    if (life?.lane === lane) life.ack(tag)
  }

  backlog(): Promise<number | undefined> {
    return this.supervisor?.link?.backlog() ?? Promise.resolve(undefined)
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const life = this.supervisor?.link
    if (life === undefined) return new Map()
    const { caughtUp, movedAt } = life
    const at = caughtUp ? this.context.world.clock.monotonic() : movedAt
    return new Map([[life.lane.id, { caughtUp, at }]])
  }

  private async leave(): Promise<void> {
    await this.supervisor?.link?.drain()
    await this.supervisor?.close()
  }
}
