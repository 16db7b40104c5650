// Decides which taken message starts next: in order within a chain, in parallel across chains; never more than the limit at work.

/** What the schedule needs to know of a task; the runtime's own task extends it. */
export interface Scheduled {
  /** Messages of one chain run one after another; undefined runs alone. */
  readonly chain: string | undefined
  readonly group: Group<Scheduled>
  /** Nothing of its lane before it is unfinished: what it finishes can be committed. */
  readonly isHead: boolean
  /** May start while everything else is held. */
  readonly alone: boolean
  /** The next of the same chain, while it waits. Set by the schedule alone. */
  follower: Scheduled | undefined
}

/** What may start now: anything, only what stands first in its lane, only what is meant to run alone, or nothing. */
export type Permit = 'any' | 'head' | 'alone' | 'none'

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
  private readonly permit: () => Permit
  private readonly start: (task: Task) => void
  private fresh: Task[] = []
  private freshHead = 0
  private urgent: Task[] = []
  private urgentHead = 0
  private atWorkNow = 0
  private pumping = false

  /** `start` must lead to exactly one call of `done` or `wait` for its task. */
  constructor(limit: number, permit: () => Permit, start: (task: Task) => void) {
    this.limit = limit
    this.permit = permit
    this.start = start
  }

  get atWork(): number {
    return this.atWorkNow
  }

  /** Tasks in line for a slot; those behind another one of their chain are not counted. */
  get queued(): number {
    return this.fresh.length - this.freshHead + this.urgent.length - this.urgentHead
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

  /** Starts nothing of the group any more; returns how many queued and waiting tasks that leaves behind. */
  close(group: Group<Task>): number {
    if (group.closed) return 0
    group.closed = true
    group.chains.clear()
    // While nothing may start nobody would come across them: they would be kept for as long as an outage lasts.
    this.fresh = this.fresh.slice(this.freshHead).filter((task) => !task.group.closed)
    this.freshHead = 0
    this.urgent = this.urgent.slice(this.urgentHead).filter((task) => !task.group.closed)
    this.urgentHead = 0
    return group.queued + group.waiting
  }

  /** Starts what may start. Re-entrant calls are folded into the running one. */
  pump(): void {
    if (this.pumping) return
    this.pumping = true
    try {
      while (this.atWorkNow < this.limit) {
        const permit = this.permit()
        if (permit === 'none') break
        const task = permit === 'any' ? this.take() : this.takeOnly(permit)
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
    if (task.chain === undefined || task.group.closed) {
      task.follower = undefined
      return
    }
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

  /** Looks at what waits one by one: only while hardly anything may start. */
  private takeOnly(permit: 'head' | 'alone'): Task | undefined {
    for (const [queue, from] of [
      [this.urgent, this.urgentHead],
      [this.fresh, this.freshHead],
    ] as const)
      for (let at = from; at < queue.length; at++) {
        const task = queue[at] as Task
        const may = permit === 'alone' ? task.alone : task.isHead
        if (!task.group.closed && may) return queue.splice(at, 1)[0]
      }
    return undefined
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
