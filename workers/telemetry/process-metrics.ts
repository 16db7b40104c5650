// How the process itself does: memory, processor time, age, and how late its event loop runs. Never keeps the process alive.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../core/clock.ts'
import type { Metric } from './prometheus.ts'

export interface ProcessWatch {
  metrics(): Metric[]
  close(): void
}

const RESOLUTION_MS = 20
const QUANTILES = [0.5, 0.99, 1]

export function watchProcess(clock: Clock): ProcessWatch {
  const startedAt = clock.monotonic()
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  return {
    metrics: () => {
      const { user, system } = process.cpuUsage()
      const age = (clock.monotonic() - startedAt) / 1_000
      return [
        one('process_resident_memory', 'gauge', 'bytes', 'Memory held.', process.memoryUsage.rss()),
        one('process_cpu', 'counter', 'seconds', 'Processor time used.', (user + system) / 1e6),
        one('process_uptime', 'gauge', 'seconds', 'Time since the start.', age),
        loopDelay(delay),
      ]
    },
    close: () => void delay.disable(),
  }
}

function one(
  name: string,
  kind: 'counter' | 'gauge',
  unit: 'seconds' | 'bytes',
  help: string,
  value: number,
): Metric {
  return { name, kind, unit, help, points: [{ labels: {}, value }] }
}

/** Since the last reading; what the timer itself takes is taken off. */
function loopDelay(delay: ReturnType<typeof monitorEventLoopDelay>): Metric {
  const points = QUANTILES.map((quantile) => {
    const ns = delay.count === 0 ? 0 : delay.percentile(quantile * 100)
    return {
      labels: { quantile: String(quantile) },
      value: Math.max(0, ns / 1e9 - RESOLUTION_MS / 1_000),
    }
  })
  delay.reset()
  return {
    name: 'nodejs_eventloop_delay',
    help: 'How late the event loop ran since the last reading.',
    unit: 'seconds',
    kind: 'gauge',
    points,
  }
}
