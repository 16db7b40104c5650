// Writes down what happens, in order; knows where each message stands on its topic.
import type { OutMessage } from '../core/contract.ts'
import { headerText, type LogMessage } from '../core/message.ts'
import type { PipelineCounts } from '../core/telemetry.ts'
import type { Arrival, Happening } from '../oracle/history.ts'
import { numberOf } from './trace-number.ts'

export class Chronicle {
  readonly happenings: Happening[] = []
  /** By number; a message stands here once it was offered to somebody. */
  readonly arrivals: Arrival[] = []
  /** Steps by the ids of what they send. */
  readonly steps = new Map<string, string>()
  private readonly counted = new Map<string, string>()

  add(happening: Happening): void {
    this.happenings.push(happening)
  }

  offered(partition: number, { key, offset, headers }: LogMessage): void {
    const number = numberOf(headers)
    if (number !== undefined)
      this.arrivals[number] ??= { partition, offset, key: key && Buffer.from(key).toString() }
  }

  began(process: string, message: OutMessage): void {
    const step = this.steps.get(message.id)
    if (step !== undefined)
      this.add({ kind: 'began', process, step, message: numberOf(message.headers) })
  }

  arrived(process: string, message: OutMessage): void {
    const step = this.steps.get(message.id)
    const number = numberOf(message.headers)
    if (step === undefined) {
      const code = headerText(message.headers, 'sluice-dlq-code') ?? ''
      this.add({ kind: 'letter', process, message: number, code })
    } else {
      const body = Buffer.from(message.value ?? []).toString()
      this.add({ kind: 'effect', process, message: number, step, body })
    }
  }

  /** Only what is new. */
  count(process: string, counts: PipelineCounts): void {
    const text = JSON.stringify(counts)
    if (this.counted.get(process) === text) return
    this.counted.set(process, text)
    this.add({ kind: 'counted', process, counts: { ...counts } })
  }
}
