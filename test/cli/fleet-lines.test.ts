// The table of `sluice top`: one line a process, what is missing, and nothing that could steer a terminal.
import { expect, it } from 'vitest'
import { FleetLines } from '../../workers/cli/top/fleet-lines.ts'
import type { WorkerStatus } from '../../workers/core/worker-status.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const time = (agoMs: number) => new Date(NOW - agoMs).toISOString()

const status = (more: Partial<WorkerStatus>): WorkerStatus => ({
  version: 1,
  id: 'p1',
  host: 'node-a',
  pid: 7,
  worker: 'billing',
  replica: 1,
  plan: '0123456789ab',
  probes: null,
  pipelines: ['billing'],
  state: 'ready',
  problem: '',
  counts: {},
  startedAt: time(3_725_000),
  at: time(1_000),
  ...more,
})

const counts = (acked: number) => ({
  billing: {
    accepted: acked + 5,
    acked,
    filtered: 0,
    deadLettered: 2,
    duplicates: 0,
    parked: 0,
    inFlight: 3,
    retried: 0,
    released: 0,
  },
})

const fleet = (workers: readonly WorkerStatus[]) =>
  ({ version: 1, fleet: 'shop', declared: { billing: 2, mail: 1 }, workers }) as const

it('says who runs where, how fast, and who is missing', () => {
  const lines = new FleetLines(false, () => NOW)
  lines.of(fleet([status({ counts: counts(1_000), at: time(3_000) })]))
  expect(
    lines.of(
      fleet([
        status({ counts: counts(3_468), at: time(1_000) }),
        status({
          id: 'p2',
          worker: null,
          replica: null,
          host: 'laptop',
          state: 'unready',
          problem: 'connection events: away',
          startedAt: time(4_000),
        }),
      ]),
    ),
  ).toEqual([
    'shop · 2 running, 1 ready, 3 declared',
    'worker       host    pid  state    for    plan          msg/s  in flight  settled  dead',
    'billing/1    node-a  7    ready    1h 2m  0123456789ab  1,234          3    3,470     2',
    'run billing  laptop  7    unready  4s     0123456789ab      0          0        0     0  connection events: away',
    'billing: 1 of 2 run',
    'mail: 0 of 1 run',
  ])
})

it('says that nobody runs', () => {
  expect(new FleetLines(true, () => NOW).of({ ...fleet([]), declared: {} })).toEqual([
    '\u001b[1mshop · 0 running, 0 ready, 0 declared\u001b[22m',
  ])
})

it('what a process says of itself cannot steer the terminal', () => {
  const text = new FleetLines(false, () => NOW).of(
    fleet([status({ host: '\u001b[2Jx', state: 'unready', problem: 'a\nb\u001b]0;t\u0007' })]),
  )
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  expect(text.join('')).not.toMatch(/[\u0000-\u001f\u007f]/)
})

it('says how often each cache had the answer, of all processes together', () => {
  const asked = (hits: number, misses: number) => ({ prices: { hits, misses } })
  const lines = new FleetLines(false, () => NOW).of(
    fleet([
      status({ caches: { ...asked(90, 10), 'odd\u001b[2J': { hits: 0, misses: 0 } } }),
      status({ id: 'p2', replica: 2, caches: asked(60, 40) }),
      status({ id: 'p3', worker: null, replica: null }),
    ]),
  )
  const [line = ''] = lines.filter((text) => text.startsWith('cache hits'))
  expect(line).toMatch(/prices 75 %/)
  expect(line).not.toContain('\u001b')
  expect(new FleetLines(false, () => NOW).of(fleet([status({})])).join()).not.toContain('cache')
})
