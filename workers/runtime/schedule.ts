// Decides which taken message starts next: in order within a chain, in parallel across chains; never more than the limit at work.

/** What the schedule needs to know of a task; the runtime's own task extends it. */
export interface Scheduled {
  /** Messages of one chain run one after another; undefined runs alone. */
  readonly chain: string | undefined
  readonly group: Group<Scheduled>
  /** The next of the same chain, while it waits. Set by the schedule alone. */
  follower: Scheduled | undefined
}

/** The tasks of one lane: what is closed is never started again. */
export class Group<Task extends Scheduled> {
  /** The last task of each chain. */
  readonly chains = new Map<string, Task>()
  queued = 0
  /** Of those queued, how many wait for a free slot only. */
  startable = 0
  atWork = 0
  waiting = 0
  closed = false
}

export class Schedule<Task extends Scheduled> {
  private readonly limit: number
  private readonly mayStart: () => boolean
  private readonly start: (task: Task) => void
  private fresh: Task[] = []
  private freshHead = 0
  private readonly urgent: Task[] = []
  private urgentHead = 0
  private atWorkNow = 0
  private pumping = false

  /** `start` must lead to exactly one call of `done`, `wait` or `abandon` for its task. */
  constructor(limit: number, mayStart: () => boolean, start: (task: Task) => void) {
    this.limit = limit
    this.mayStart = mayStart
    this.start = start
  }

  get atWork(): number {
    return this.atWorkNow
  }

  /** Call `pump` after a batch of these. */
  add(task: Task): void {
    const group = task.group as unknown as Group<Task>
    group.queued++
    if (task.chain !== undefined) {
      const last = group.chains.get(task.chain)
      group.chains.set(task.chain, task)
      if (last !== undefined) {
        last.follower = task
        return
      }
    }
    group.startable++
    this.fresh.push(task)
  }

  /** The task reached its end: the next of its chain is free to start. */
  done(task: Task): void {
    this.leaveWork(task)
    this.release(task)
    this.pump()
  }

  /** The task gives up its slot but keeps its place in the chain, until `again`. */
  wait(task: Task): void {
    this.leaveWork(task)
    task.group.waiting++
    this.pump()
  }

  /** After `wait`: starts as soon as a slot is free, ahead of what is fresh. */
  again(task: Task): void {
    task.group.waiting--
    task.group.queued++
    task.group.startable++
    this.urgent.push(task)
    this.pump()
  }

  /** A waiting task reached its end without coming back to work. */
  doneWaiting(task: Task): void {
    task.group.waiting--
    this.release(task)
    this.pump()
  }

  /** Starts nothing of the group any more; returns how many queued and waiting tasks that leaves behind. */
  close(group: Group<Task>): number {
    if (group.closed) return 0
    group.closed = true
    group.chains.clear()
    return group.queued + group.waiting
  }

  /** Starts what may start. Re-entrant calls are folded into the running one. */
  pump(): void {
    if (this.pumping) return
    this.pumping = true
    try {
      while (this.atWorkNow < this.limit && this.mayStart()) {
        const task = this.take()
        if (task === undefined) break
        task.group.queued--
        task.group.startable--
        task.group.atWork++
        this.atWorkNow++
        this.start(task)
      }
    } finally {
      this.pumping = false
    }
  }

  private leaveWork(task: Task): void {
    task.group.atWork--
    this.atWorkNow--
  }

  private release(task: Task): void {
    if (task.chain === undefined || task.group.closed) return
    const next = task.follower as Task | undefined
    if (next !== undefined) {
      task.follower = undefined
      task.group.startable++
      this.urgent.push(next)
    } else {
      task.group.chains.delete(task.chain)
    }
  }

  private take(): Task | undefined {
    for (;;) {
      const task = this.takeUrgent() ?? this.takeFresh()
      if (task === undefined || !task.group.closed) return task
    }
  }

  private takeUrgent(): Task | undefined {
    if (this.urgentHead === this.urgent.length) return undefined
    const task = this.urgent[this.urgentHead++]
    if (this.urgentHead > 512 && this.urgentHead * 2 > this.urgent.length) {
      this.urgent.splice(0, this.urgentHead)
      this.urgentHead = 0
    }
    return task
  }

  private takeFresh(): Task | undefined {
    if (this.freshHead === this.fresh.length) return undefined
    const task = this.fresh[this.freshHead++]
    if (this.freshHead > 512 && this.freshHead * 2 > this.fresh.length) {
      this.fresh = this.fresh.slice(this.freshHead)
      this.freshHead = 0
    }
    return task
  }
}
