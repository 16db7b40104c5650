// The log of a process: pino on stderr, JSON for machines, plain lines on a terminal. Written synchronously, so that what was
// logged before an exit is there; it never throws, and a closed stderr never stops a worker.
import { pino } from 'pino'
import { isoTime, systemClock, type Clock } from '../core/clock.ts'
import type { LogMethod, Logger } from '../core/log.ts'
import { colours, humanLine, jsonLine, noColours } from './log-line.ts'
import { redact } from './redact.ts'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]

export interface LogOptions {
  /** Reads SLUICE_LOG_LEVEL, else LOG_LEVEL, and NO_COLOR. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Default: stderr. */
  readonly stream?: { write(text: string): unknown; readonly isTTY?: boolean }
  /** Wins over the environment. */
  readonly level?: LogLevel
  readonly clock?: Clock
}

export function createLog(options: LogOptions): Logger {
  const { env, clock = systemClock } = options
  const asked = (env['SLUICE_LOG_LEVEL'] || env['LOG_LEVEL'] || 'info').toLowerCase()
  const known = LEVELS.find((level) => level === asked)
  const logger = pino(
    {
      level: options.level ?? known ?? 'info',
      base: { pid: process.pid },
      timestamp: () => `,"time":"${isoTime(clock.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Fields are plain by then; an error is no special case.
      serializers: { err: (value: unknown) => value },
    },
    { write: lineWriter(options) },
  )
  const log: Logger = {
    debug: method(logger, 'debug'),
    info: method(logger, 'info'),
    warn: method(logger, 'warn'),
    error: method(logger, 'error'),
  }
  if (known === undefined && options.level === undefined)
    log.warn({ level: asked }, `The log level is none of ${LEVELS.join(', ')}; info is used.`)
  return log
}

function lineWriter({ stream, env }: LogOptions): (line: string) => void {
  const target = stream ?? stderr()
  const human = stream === undefined ? process.stderr.isTTY : stream.isTTY === true
  if (!human) return (line) => void target.write(jsonLine(line))
  const paint = env['NO_COLOR'] ? noColours : colours
  return (line) => void target.write(humanLine(line, paint))
}

function stderr(): { write(text: string): unknown } {
  const destination = pino.destination({ fd: 2, sync: true })
  // A full disk or a closed pipe: there is nowhere left to say so.
  destination.on('error', () => {})
  return destination
}

/** Pino writes these itself. */
const TAKEN = ['level', 'time', 'pid', 'msg']

function method(logger: pino.Logger, level: 'debug' | 'info' | 'warn' | 'error'): LogMethod {
  if (!logger.isLevelEnabled(level)) return () => {}
  return (first: object | string, message?: string) => {
    if (typeof first === 'string') {
      logger[level](first)
      return
    }
    const fields = redact(first)
    for (const key of TAKEN) {
      if (!Object.hasOwn(fields, key)) continue
      fields[`${key}_`] = fields[key] as never
      delete fields[key]
    }
    logger[level](fields, message)
  }
}
