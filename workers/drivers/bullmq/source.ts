// A worker of one queue of jobs that comes back by itself after each loss; each of its lives is a lane of its own.
import type {
  DriverContext,
  JobEnd,
  JobSource,
  JobSourceOptions,
  Lane,
  Sink,
} from '../../core/contract.ts'
import { LivedSource } from '../../core/lived-source.ts'
import { headerText, type Parked } from '../../core/message.ts'
import { away } from '../redis/errors.ts'
import { nameOf, type Place } from '../redis/settings.ts'
import { notAtWork, openWorker, type LeftJob, type WorkerLife } from './worker-life.ts'

export class BullmqSource extends LivedSource<WorkerLife> implements JobSource {
  readonly letters: Sink = {
    send: async (letter) => {
      const id = headerText(letter.headers, 'sluice-dlq-message-id') ?? ''
      await this.lifeWith(id).fail(id, letter)
    },
  }

  constructor(options: JobSourceOptions, place: Place, context: DriverContext) {
    const { name, address } = options.jobs
    const left: LeftJob[] = []
    super({
      context,
      name: `${nameOf(place)}, jobs ${address},`,
      absent: () => away(place, 'is not connected'),
      open: (intake, lost, signal) =>
        openWorker({ place, context, options, intake, left, lost }, signal),
      unread: {
        about: { jobs: name },
        message: 'Jobs cannot be taken yet; the source keeps trying.',
      },
    })
  }

  ack(lane: Lane, tag: number, end?: JobEnd): void {
    this.lifeOf(lane)?.ack(tag, end)
  }

  async park(id: string, noted: Parked, delayMs: number): Promise<void> {
    await this.lifeWith(id).park(id, noted, delayMs)
  }

  note(id: string, noted: Parked): void {
    this.life?.note(id, noted)
  }

  report(id: string, percent: number): void {
    this.life?.report(id, percent)
  }

  private lifeWith(id: string): WorkerLife {
    if (this.life === undefined) throw notAtWork(id)
    return this.life
  }
}
