// Measures one contender inside its own process, from the first message it meets to the last effect confirmed.

export interface Measured {
  readonly messages: number
  readonly seconds: number
  /** User and system time of the process, microseconds a message. */
  readonly cpuPerMessage: number
  /** Peak resident memory, MiB. */
  readonly peakMiB: number
}

export class RunMeter {
  private startedAt = 0
  private cpu: NodeJS.CpuUsage = { user: 0, system: 0 }

  start(): void {
    if (this.startedAt !== 0) return
    this.startedAt = performance.now()
    this.cpu = process.cpuUsage()
  }

  stop(messages: number): Measured {
    const { user, system } = process.cpuUsage(this.cpu)
    return {
      messages,
      seconds: (performance.now() - this.startedAt) / 1000,
      cpuPerMessage: (user + system) / messages,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    }
  }
}

/** Tells the parent and ends the process: what is measured is over. */
export function report(measured: Measured): void {
  process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit(0))
}
