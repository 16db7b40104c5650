// What happens in a fleet, in words for the log and as lines of JSON; the JSON is a stable interface with a version.
import { isoTime } from '../../core/clock.ts'
import type { Code } from '../../core/codes.ts'
import type { Logger } from '../../core/log.ts'
import type { FleetEvent } from '../../runtime/fleet/events.ts'

export function eventJson(event: FleetEvent, now: number): string {
  const { kind, ...rest } = event
  return `${JSON.stringify({ version: 1, time: isoTime(now), event: kind, ...rest })}\n`
}

export function logEvent(log: Logger, event: FleetEvent): void {
  const { level, message, code } = wordsOf(event)
  const { kind: _kind, ...about } = event
  const { worker, replica, ...rest } = { worker: undefined, replica: undefined, ...about }
  const seat = worker === undefined ? {} : { worker: `${worker}/${String(replica)}` }
  const { pid, ...fields } = { pid: undefined, ...rest }
  const process = pid === undefined ? {} : { process: pid }
  log[level]({ ...(code === undefined ? {} : { code }), ...seat, ...process, ...fields }, message)
}

interface Words {
  readonly level: keyof Logger
  readonly message: string
  readonly code?: Code
}

function wordsOf(event: FleetEvent): Words {
  switch (event.kind) {
    case 'started':
      return { level: 'info', message: 'A worker was started.' }
    case 'ready':
      return { level: 'info', message: 'A worker is ready.' }
    case 'unready':
      return { level: 'warn', message: 'A worker is not ready.' }
    case 'ended':
      return {
        level: 'warn',
        code: 'SLU1170',
        message: 'A worker ended by itself; it is started again.',
      }
    case 'crash-loop':
      return {
        level: 'error',
        code: 'SLU1171',
        message: 'A worker keeps ending; it is still started again, at most every 30 s.',
      }
    case 'refused':
      return {
        level: 'error',
        code: 'SLU1172',
        message: 'A worker refused its configuration; it is not started again.',
      }
    case 'stuck':
      return {
        level: 'error',
        code: 'SLU1173',
        message: 'The event loop of a worker stands still; it is killed.',
      }
    case 'drained':
      return { level: 'info', message: 'A worker has drained.' }
    case 'overdue':
      return {
        level: 'error',
        code: 'SLU1175',
        message: 'A worker did not end in time; it is killed.',
      }
    case 'rolling':
      return { level: 'info', message: 'The fleet rolls to another plan.' }
    case 'rolled':
      return { level: 'info', message: 'The fleet has rolled.' }
    case 'stopping':
      return { level: 'info', message: 'The fleet drains.' }
    case 'stopped':
      return { level: 'info', message: 'The fleet has stopped.' }
    case 'roll-stopped':
      return {
        level: 'error',
        code: 'SLU1174',
        message: 'The roll stopped: a new worker was not ready. Those that were not replaced stay.',
      }
  }
}
