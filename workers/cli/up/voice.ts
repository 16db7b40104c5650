// Where a supervisor says what happens: events as JSON on stdout or in its log, lines of workers with their names, and a screen on a terminal.
import type { Logger } from '../../core/log.ts'
import type { FleetEvent } from '../../runtime/fleet/events.ts'
import { passedOn } from '../../telemetry/passed-on.ts'
import type { Composition } from '../composition.ts'
import { useColor } from '../project.ts'
import { Screen } from '../screen.ts'
import { eventJson, logEvent } from './told.ts'

export class Voice {
  private readonly composition: Composition
  private readonly format: 'text' | 'json'
  private screen: Screen | undefined
  private logger: Logger

  constructor(format: 'text' | 'json', composition: Composition) {
    this.format = format
    this.composition = composition
    this.logger = composition.log
    // A terminal that is gone takes no more; what it showed is no reason to end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  }

  /** Above the screen, if there is one. */
  get log(): Logger {
    return this.logger
  }

  readonly event = (event: FleetEvent): void => {
    if (this.format === 'text') logEvent(this.logger, event)
    else process.stdout.write(eventJson(event, this.composition.world.clock.now()))
  }

  readonly line = (name: string, line: string): void => {
    const people = process.stderr.isTTY ? { colour: useColor(process.stderr) } : undefined
    this.write(passedOn(name, line, people))
  }

  /** Whole lines. */
  write(text: string): void {
    ;(this.screen ?? process.stderr).write(text)
  }

  /** On a terminal, until `close`. */
  show(lines: () => readonly string[]): void {
    if (this.format === 'json' || !process.stderr.isTTY) return
    this.screen = new Screen(process.stderr, lines, this.composition.world.clock)
    this.logger = this.composition.logTo(this.screen)
  }

  /** What `work` writes to stderr stands by itself. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    return this.screen === undefined ? work() : this.screen.aside(work)
  }

  close(): void {
    this.screen?.stop()
    this.screen = undefined
    this.logger = this.composition.log
  }
}
