// Lets concurrent callers with one key share one piece of work; a failure is never shared, the next caller tries for itself.

/** Who waited for this many failures of others waits no longer: what fails slowly would keep everybody in line. */
const PATIENCE = 3

export class SingleFlight<Value> {
  private readonly flights = new Map<string, Promise<Value>>()

  get size(): number {
    return this.flights.size
  }

  /** `joined` is true when somebody else's work gave the value. Rejects only with the caller's own failure. */
  async run(key: string, work: () => Promise<Value>): Promise<{ value: Value; joined: boolean }> {
    for (let failures = 0; failures < PATIENCE; failures++) {
      const flight = this.flights.get(key)
      if (flight === undefined) break
      try {
        return { value: await flight, joined: true }
      } catch {
        // The leader's failure belongs to its own message; go round and lead.
      }
    }
    const flight = work()
    if (this.flights.has(key)) return { value: await flight, joined: false }
    this.flights.set(key, flight)
    try {
      return { value: await flight, joined: false }
    } finally {
      this.flights.delete(key)
    }
  }
}
