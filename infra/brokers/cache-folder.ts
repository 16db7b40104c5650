// Where what was fetched once for the native brokers is kept for the next time.
import { homedir } from 'node:os'
import { join } from 'node:path'

export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sluice')
