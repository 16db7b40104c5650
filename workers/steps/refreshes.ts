// Loads stale cache entries anew behind the messages that were answered from them: one load a key, bounded in number, given up at the end.

export class Refreshes {
  private readonly running = new Set<string>()
  private readonly end = new AbortController()
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  /** False when the key is being refreshed, when enough others are, or after the end: the entry stays stale until the next message. */
  start(key: string, work: (signal: AbortSignal) => Promise<void>): boolean {
    const { running, end } = this
    if (running.has(key) || running.size >= this.most || end.signal.aborted) return false
    running.add(key)
    void work(end.signal).finally(() => running.delete(key))
    return true
  }

  get idle(): boolean {
    return this.running.size === 0
  }

  /** What is under way is told to stop; nobody depends on it. */
  stop(): void {
    this.end.abort()
  }
}
