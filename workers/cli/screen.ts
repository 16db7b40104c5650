// The last lines of a terminal, written anew in place; whatever else is said scrolls above them.
import { stripVTControlCharacters } from 'node:util'
import type { Clock, Timer } from '../core/clock.ts'

const EVERY_MS = 500

export interface Terminal {
  write(text: string): unknown
  readonly columns?: number
}

export class Screen {
  readonly isTTY = true
  private readonly terminal: Terminal
  private readonly lines: () => readonly string[]
  private readonly clock: Clock
  private timer: Timer | undefined
  /** Lines that stand on the terminal now. */
  private drawn = 0
  private shown = true

  constructor(terminal: Terminal, lines: () => readonly string[], clock: Clock) {
    this.terminal = terminal
    this.lines = lines
    this.clock = clock
    this.draw()
  }

  /** Whole lines, above the others. */
  write(text: string): void {
    this.terminal.write(this.erasure() + text)
    this.drawn = 0
    this.draw()
  }

  /** Leaves the terminal to somebody else while `work` goes on. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.erase()
    this.shown = false
    try {
      return await work()
    } finally {
      this.shown = true
      this.draw()
    }
  }

  /** What was drawn last stays where it is. */
  stop(): void {
    this.draw()
    this.shown = false
    this.timer?.cancel()
  }

  private draw(): void {
    this.timer?.cancel()
    if (!this.shown) return
    const width = this.terminal.columns ?? 80
    const lines = this.lines().map((line) => fitted(line, width))
    this.terminal.write(`${this.erasure()}${lines.join('\n')}\n`)
    this.drawn = lines.length
    this.timer = this.clock.after(EVERY_MS, () => this.draw())
  }

  private erase(): void {
    this.terminal.write(this.erasure())
    this.drawn = 0
  }

  private erasure(): string {
    return this.drawn === 0 ? '' : `\u001b[${this.drawn}A\r\u001b[J`
  }
}

/** A line that wraps would be two lines to erase. Colours are given up where it must be cut. */
function fitted(line: string, width: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length < width ? line : `${plain.slice(0, Math.max(0, width - 2))}…`
}
