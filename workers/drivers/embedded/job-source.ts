// A worker of one embedded queue of jobs: a source like that of any queue, whose dead letters may end with the job itself.
import type {
  DriverContext,
  Intake,
  JobSource,
  JobSourceOptions,
  Sink,
} from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { headerText, type Parked } from '../../core/message.ts'
import type { EmbeddedJobs } from './jobs.ts'
import { EmbeddedQueueSource } from './queue-source.ts'
import type { Reach } from './reach.ts'

export class EmbeddedJobSource extends EmbeddedQueueSource implements JobSource {
  readonly letters: Sink
  private readonly state: EmbeddedJobs
  private readonly address: string
  private readonly arm: () => void
  private readonly parks: boolean
  private readonly reached: () => boolean

  constructor(
    { jobs, schedule, parks = false, ...limits }: JobSourceOptions,
    state: EmbeddedJobs,
    context: DriverContext,
    reach: Reach,
  ) {
    super({ queue: jobs, ...limits }, state, context, reach)
    this.state = state
    this.address = jobs.address
    this.parks = parks
    this.reached = () => reach.gate.isOpen
    this.arm = () => {
      if (schedule !== undefined) state.schedule(jobs, schedule)
    }
    this.letters = {
      // oxlint-disable-next-line require-await -- the port is asynchronous
      send: async (letter) => {
        const id = headerText(letter.headers, 'sluice-dlq-message-id') ?? ''
        this.leaves(id, () => state.fail(jobs.address, id, letter))
      },
    }
  }

  override start(intake: Intake): Promise<void> {
    this.arm()
    return super.start(intake)
  }

  // oxlint-disable-next-line require-await -- the port is asynchronous
  async park(id: string, noted: Parked, delayMs: number): Promise<void> {
    this.leaves(id, () => this.state.park(this.address, id, noted, delayMs))
  }

  /** As of BullMQ: whoever is refused has lost what it holds, and asks for jobs anew. */
  private leaves(id: string, move: () => boolean): void {
    if (this.reached() && move()) return
    if (this.reached()) this.reopen()
    throw new SluiceError('SLU5801', { message: `job ${id} is not at work here any more` })
  }

  note(id: string, noted: Parked): void {
    const job = this.state.find(this.address, id)
    if (job?.state === 'active' && this.reached()) job.noted = noted
  }

  override async backlog(): Promise<number | undefined> {
    const left = await super.backlog()
    if (left === undefined || !this.parks) return left
    return left + this.state.delayed(this.address).filter(({ noted }) => noted !== undefined).length
  }

  report(id: string, percent: number): void {
    const job = this.state.find(this.address, id)
    if (job?.state === 'active') job.progress = percent
  }
}
