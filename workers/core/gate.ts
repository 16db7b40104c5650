// Open or shut, and everybody who waits until it opens; never lets anybody through while it is shut.

export class Gate {
  private opened: boolean
  private readonly waiting = new Set<() => void>()

  constructor(opened = false) {
    this.opened = opened
  }

  get isOpen(): boolean {
    return this.opened
  }

  /** Lets everybody through who waits, in the order in which they came. */
  open(): void {
    this.opened = true
    const going = [...this.waiting]
    this.waiting.clear()
    for (const go of going) go()
  }

  shut(): void {
    this.opened = false
  }

  /** Resolves when the gate opens (at once if it is open), or when `signal` aborts: the caller looks at its signal. */
  whenOpen(signal?: AbortSignal): Promise<void> {
    if (this.opened || signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const go = () => {
        this.waiting.delete(go)
        signal?.removeEventListener('abort', go)
        resolve()
      }
      this.waiting.add(go)
      signal?.addEventListener('abort', go, { once: true })
    })
  }
}
