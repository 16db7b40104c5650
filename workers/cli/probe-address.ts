// Reads where probes are to be served: `[HOST:]PORT`, by default a free port on loopback.

export function probeAddress(asked: string | undefined): { host: string; port: number } {
  const [port = '0', host = '127.0.0.1'] = (asked ?? '0').split(':').toReversed()
  return { host, port: Number(port) }
}
