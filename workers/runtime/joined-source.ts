// Several sources as one: to their pipeline they are more lanes of the same, and what settles a lane goes to whoever granted it.
import type {
  Intake,
  JobEnd,
  Lane,
  LogCommit,
  LogSource,
  QueueSource,
  Source,
} from '../core/contract.ts'

class JoinedSource<One extends Source> implements Source {
  private readonly all: readonly One[]
  private readonly owners = new WeakMap<Lane, One>()

  constructor(all: readonly One[]) {
    this.all = all
  }

  async start(intake: Intake): Promise<void> {
    await Promise.all(this.all.map((one) => one.start(this.owning(one, intake))))
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((one) => one.stop()))
  }

  async backlog(): Promise<number | undefined> {
    const left = await Promise.all(this.all.map((one) => one.backlog()))
    return left.reduce((sum, one) =>
      sum === undefined || one === undefined ? undefined : sum + one,
    )
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    return new Map(this.all.flatMap((one) => [...one.progress()]))
  }

  /** Of a lane that was granted. */
  protected ownerOf(lane: Lane): One {
    return this.owners.get(lane) as One
  }

  private owning(source: One, intake: Intake): Intake {
    return {
      granted: (grants) => {
        for (const { lane } of grants) this.owners.set(lane, source)
        intake.granted(grants)
      },
      offer: (lane, messages, from) => intake.offer(lane, messages, from),
      room: (lane) => intake.room(lane),
      revoke: (lanes) => intake.revoke(lanes),
      lost: (lanes) => intake.lost(lanes),
    }
  }
}

export class JoinedLogs extends JoinedSource<LogSource> implements LogSource {
  async commit(commits: readonly LogCommit[]): Promise<void> {
    const bySource = Map.groupBy(commits, ({ lane }) => this.ownerOf(lane))
    await Promise.all([...bySource].map(([source, own]) => source.commit(own)))
  }
}

export class JoinedQueues extends JoinedSource<QueueSource> implements QueueSource {
  ack(lane: Lane, tag: number, end?: JobEnd): void {
    this.ownerOf(lane).ack(lane, tag, end)
  }
}
