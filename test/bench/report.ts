// The bench's table and what it says of the aims; ratios only, since machines differ.

export interface Figure {
  /** Messages a second. */
  readonly rate: number
  /** Microseconds of CPU a message. */
  readonly cpu: number
}

export interface Figures {
  readonly eachMessage: Figure
  readonly eachBatch: Figure
  readonly sluice: Figure
  /** Sluice on the other client of Kafka. */
  readonly platformatic: Figure
  readonly embedded: Figure
  /** Peak MiB with many messages waiting. */
  readonly memory: {
    readonly sluice: number
    readonly platformatic: number
    readonly eachBatch: number
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function row(name: string, { rate, cpu }: Figure): string {
  return `${name.padEnd(12)} ${Math.round(rate).toLocaleString('en-US').padStart(9)} messages/s ${cpu.toFixed(1).padStart(7)} µs CPU a message\n`
}

export function verdicts(figures: Figures) {
  const { eachMessage, eachBatch, sluice, platformatic, embedded, memory } = figures
  return [
    aim('throughput against eachMessage', sluice.rate / eachMessage.rate, '>=', 5),
    aim('throughput against eachBatch', sluice.rate / eachBatch.rate, '>=', 0.7),
    shown('CPU a message against eachBatch', sluice.cpu / eachBatch.cpu),
    aim('embedded, messages/s', embedded.rate, '>=', 40_000),
    aim('peak memory against eachBatch', memory.sluice / memory.eachBatch, '<=', 1.2),
    shown('platformatic against kafkajs, throughput', platformatic.rate / sluice.rate),
    shown('platformatic against kafkajs, CPU a message', platformatic.cpu / sluice.cpu),
    shown('platformatic against kafkajs, peak memory', memory.platformatic / memory.sluice),
  ]
}

const shown = (what: string, value: number) => ({
  met: true,
  text: `shown  ${what.padEnd(44)} ${value.toFixed(2).padStart(8)}\n`,
})

export function aim(what: string, value: number, relation: '>=' | '<=', bound: number) {
  const met = relation === '>=' ? value >= bound : value <= bound
  const figure = (n: number) => (n >= 1000 ? Math.round(n).toLocaleString('en-US') : n.toFixed(2))
  return {
    met,
    text: `${met ? 'met   ' : 'MISSED'} ${what.padEnd(44)} ${figure(value).padStart(8)} (${relation} ${figure(bound)})\n`,
  }
}
