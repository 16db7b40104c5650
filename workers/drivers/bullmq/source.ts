// A worker of one queue of jobs that comes back by itself after each loss; each of its lives is a lane of its own.
import type {
  DriverContext,
  Intake,
  JobSource,
  JobSourceOptions,
  Lane,
  Sink,
} from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { headerText } from '../../core/message.ts'
import { Supervisor } from '../../core/supervisor.ts'
import { away, nameOf, type Place } from '../redis/errors.ts'
import { openWorker, type LeftJob, type WorkerLife } from './worker-life.ts'

export class BullmqSource implements JobSource {
  readonly letters: Sink
  private readonly options: JobSourceOptions
  private readonly place: Place
  private readonly context: DriverContext
  private readonly left: LeftJob[] = []
  private supervisor: Supervisor<WorkerLife> | undefined
  private ending: Promise<void> | undefined

  constructor(options: JobSourceOptions, place: Place, context: DriverContext) {
    this.options = options
    this.place = place
    this.context = context
    this.letters = {
      send: async (letter) => {
        const id = headerText(letter.headers, 'sluice-dlq-message-id') ?? ''
        const life = this.supervisor?.link
        if (life === undefined)
          throw new SluiceError('SLU5801', { message: `job ${id} is not at work here any more` })
        await life.fail(id, letter)
      },
    }
  }

  async start(intake: Intake): Promise<void> {
    if (this.ending !== undefined) return
    const { options, place, context, left } = this
    const supervisor = new Supervisor<WorkerLife>({
      world: context.world,
      log: context.log,
      name: `${nameOf(place)}, jobs ${options.jobs.address},`,
      absent: () => away(place, 'is not connected'),
      open: (lost, signal) => openWorker({ place, context, options, intake, left, lost }, signal),
    })
    this.supervisor = supervisor
    await supervisor.connect().catch((error: unknown) => {
      context.log.warn(
        { err: error, jobs: options.jobs.name },
        'Jobs cannot be taken yet; the source keeps trying.',
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

  report(id: string, percent: number): void {
    this.supervisor?.link?.report(id, percent)
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
