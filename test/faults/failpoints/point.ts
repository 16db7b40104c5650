// Named places at which a worker process ends itself, as a kill from outside would end it there. SLUICE_FAILPOINT=<point>:<nth> names one.

/** In the order in which a message passes them. */
export const POINTS = [
  'before-handler',
  'after-handler',
  'after-publish',
  'after-confirm',
  'after-letter',
  'before-mark',
  'in-settlement',
  'in-rebalance',
  'in-drain',
] as const
export type Point = (typeof POINTS)[number]

const [chosen, nth = '1'] = (process.env['SLUICE_FAILPOINT'] ?? '').split(':')
let passed = 0

/** Does not return where the process is to end. */
export function pass(point: Point): void {
  if (point !== chosen || ++passed !== Number(nth)) return
  process.kill(process.pid, 'SIGKILL')
}
