// The logging port: fields first, then a full sentence. pino fits it as it is.

export interface LogMethod {
  (fields: object, message: string): void
  (message: string): void
}

export interface Logger {
  debug: LogMethod
  info: LogMethod
  warn: LogMethod
  error: LogMethod
}

const nothing: LogMethod = () => {}
/** Says nothing; for tools and tests that have no reader. */
export const silentLog: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
