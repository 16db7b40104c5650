// What a broker's process inherits from ours: the search path and the locale, and nothing that could steer it.

/** A broker configured through stray variables of the caller would not be the same broker twice. */
export function inheritedEnv(): Record<string, string> {
  const env: Record<string, string> = { PATH: searchPath() }
  for (const name of ['LANG', 'JAVA_HOME', 'TZ']) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}

/** The caller's path, and where Debian puts servers, which an ordinary user's path leaves out. */
export function searchPath(): string {
  return [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']
    .filter((part) => part !== '')
    .join(':')
}
