// A source that comes back by itself after each loss: each of its lives is a connection with one lane of its own.
import type { DriverContext, Intake, Lane, Source } from './contract.ts'
import type { SluiceError } from './errors.ts'
import { Supervisor, type Link } from './supervisor.ts'

/** Its lane begins and ends with it; nothing of one life is settled in another. */
export interface LaneLife extends Link {
  readonly lane: Lane
  /** When it last moved, by the monotonic clock. */
  readonly movedAt: number
  /** Everything the broker has for us was handed over. */
  readonly caughtUp: boolean
  backlog(): Promise<number>
  /** Nothing more is handed over; what was is settled as far as the drain lets it. */
  drain(): Promise<void>
}

export interface LivedSourceParts<Life extends LaneLife> {
  readonly context: DriverContext
  /** For the log: `RabbitMQ at localhost:5672, queue alerts,`. */
  readonly name: string
  absent(): SluiceError
  open(intake: Intake, lost: (error: SluiceError) => void, signal: AbortSignal): Promise<Life>
  /** Said when the first life does not begin; with what it is about. */
  readonly unread: { readonly about: Readonly<Record<string, string>>; readonly message: string }
}

export class LivedSource<Life extends LaneLife> implements Source {
  private readonly parts: LivedSourceParts<Life>
  private supervisor: Supervisor<Life> | undefined
  private ending: Promise<void> | undefined

  constructor(parts: LivedSourceParts<Life>) {
    this.parts = parts
  }

  async start(intake: Intake): Promise<void> {
    if (this.ending !== undefined) return
    const { context, name, absent, open, unread } = this.parts
    this.supervisor = new Supervisor<Life>({
      world: context.world,
      log: context.log,
      name,
      absent,
      open: (lost, signal) => open(intake, lost, signal),
    })
    await this.supervisor.connect().catch((error: unknown) => {
      context.log.warn({ err: error, ...unread.about }, unread.message)
    })
  }

  stop(): Promise<void> {
    this.ending ??= this.leave()
    return this.ending
  }

  backlog(): Promise<number | undefined> {
    return this.life?.backlog() ?? Promise.resolve(undefined)
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    const { life } = this
    if (life === undefined) return new Map()
    const { caughtUp, movedAt, lane } = life
    const at = caughtUp ? this.parts.context.world.clock.monotonic() : movedAt
    return new Map([[lane.id, { caughtUp, at }]])
  }

  /** The one that lives. */
  protected get life(): Life | undefined {
    return this.supervisor?.link
  }

  /** That of the lane, if it still lives. */
  protected lifeOf(lane: Lane): Life | undefined {
    return this.life?.lane === lane ? this.life : undefined
  }

  private async leave(): Promise<void> {
    await this.life?.drain()
    await this.supervisor?.close()
  }
}
