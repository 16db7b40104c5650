// What a supervisor knows of its processes, as metrics; what they do is on the probes of each.
import { prometheusText } from '../../telemetry/prometheus.ts'
import type { Fleet } from '../../runtime/fleet/fleet.ts'
import type { SeatState } from '../../runtime/fleet/seat.ts'

const STATES: readonly SeatState[] = [
  'starting',
  'ready',
  'unready',
  'waiting',
  'refused',
  'draining',
  'stopped',
]

export function fleetMetrics({ seats }: Fleet): string {
  const workers = [...new Set(seats.map(({ worker }) => worker))]
  return prometheusText([
    {
      name: 'sluice_worker_processes',
      help: 'Places for worker processes, by state.',
      kind: 'gauge',
      points: workers.flatMap((worker) =>
        STATES.map((state) => ({
          labels: { worker, state },
          value: seats.filter((seat) => seat.worker === worker && seat.state === state).length,
        })),
      ),
    },
    {
      name: 'sluice_worker_restarts',
      help: 'Starts after an end that nobody asked for.',
      kind: 'counter',
      points: workers.map((worker) => ({
        labels: { worker },
        value: seats
          .filter((seat) => seat.worker === worker)
          .reduce((sum, { restarted }) => sum + restarted, 0),
      })),
    },
  ])
}
