// Lets one message at a time be the only one at work in a process, so that an end of the process is an end under that message.

/** A pipeline of the process. */
export interface Member {
  /** While true it starts nothing but what is meant to run alone. */
  hold(on: boolean): void
  /** Resolves when nothing is at work, or `signal` aborts. */
  quiet(signal: AbortSignal): Promise<void>
}

export class Solo {
  private readonly members: Member[] = []
  private turn: Promise<void> = Promise.resolve()
  private waiting = 0

  join(member: Member): void {
    this.members.push(member)
  }

  /** Resolves when it is one's turn and nothing else is at work; whoever got in must call what it resolves with, signal or not. */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.turn
    const mine = Promise.withResolvers<void>()
    this.turn = mine.promise
    this.waiting++
    await before
    for (const member of this.members) member.hold(true)
    await Promise.all(this.members.map((member) => member.quiet(signal)))
    return () => {
      this.waiting--
      if (this.waiting === 0) for (const member of this.members) member.hold(false)
      mine.resolve()
    }
  }
}
