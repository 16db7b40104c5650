// Worker processes of a line: the product's own command line, started, killed, paused and asked.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { sluice, until, type Running } from '../../e2e/support/worker-process.ts'
import type { RunReport } from '../../../workers/cli/summary.ts'
import type { Point } from '../failpoints/point.ts'

export interface WorkerOptions {
  /** It ends itself there, at the nth time. */
  readonly failpoint?: readonly [point: Point, nth: number]
  readonly untilIdle?: true
  readonly env?: Readonly<Record<string, string>>
  /** Of the command line, beside those that each has. */
  readonly args?: readonly string[]
  /** Options of Node itself. */
  readonly node?: readonly string[]
}

const PRELOAD = resolve(import.meta.dirname, '../failpoints/preload.ts')

/** Nothing here depends on how fast the machine is: whoever is still waiting after that waits in vain. */
export const PATIENCE_MS = 240_000

/** Whoever breaks the suite off leaves none behind. */
const alive = new Set<WorkerProcess>()
process.on('exit', () => {
  for (const worker of alive) worker.signal('SIGKILL')
})
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => process.exit(1))

export class WorkerProcess {
  private readonly running: Running

  constructor(project: string, prefix: string, options: WorkerOptions) {
    const { failpoint, untilIdle, env = {}, args = [], node = [] } = options
    this.running = sluice(
      [
        'run',
        'line',
        '--project',
        project,
        '--format',
        'json',
        ...(untilIdle === true ? ['--until-idle'] : []),
        ...args,
      ],
      {
        SLUICE_PREFIX: prefix,
        NO_COLOR: '1',
        ...env,
        ...(failpoint === undefined ? {} : { SLUICE_FAILPOINT: failpoint.join(':') }),
      },
      failpoint === undefined ? node : [...node, '--import', PRELOAD],
    )
    alive.add(this)
    void this.finished.then(() => alive.delete(this))
  }

  get pid(): number {
    return this.running.child.pid as number
  }

  get alive(): boolean {
    const { exitCode, signalCode } = this.running.child
    return exitCode === null && signalCode === null
  }

  get said(): string {
    return this.running.stderr()
  }

  get finished(): Running['finished'] {
    return this.running.finished
  }

  signal(name: NodeJS.Signals): void {
    this.running.child.kill(name)
  }

  /** Without warning; resolves when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.finished
  }

  /** Its log says that it runs. */
  async runs(): Promise<this> {
    await until(
      'the worker runs',
      () => {
        if (!this.alive) throw new Error(`it ended before it ran:\n${this.said}`)
        return this.said.includes('The worker runs')
      },
      PATIENCE_MS,
    )
    return this
  }

  /** What a probe answers; 0: nothing. */
  async probe(path: '/livez' | '/readyz'): Promise<number> {
    const port = /"probes":(\d+)/.exec(this.said)?.[1]
    if (port === undefined) return 0
    return fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ status }) => status,
      () => 0,
    )
  }

  /** What it has open and holds in memory, as the kernel tells it. */
  resources(): { files: number; rssMiB: number } {
    const files = readdirSync(`/proc/${this.pid}/fd`).length
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]
    return { files, rssMiB: Math.round(Number(rss) / 1_024) }
  }

  /** Time on a processor so far. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // User and system time, in ticks of 10 ms.
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  /** Told to stop; its exit code. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM')
    return (await this.finished).code
  }

  /** What it counted; undefined of one that was killed. */
  async report(): Promise<RunReport | undefined> {
    const { stdout } = await this.finished
    return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as RunReport)
  }
}
