// Reads where probes are to be served: `[HOST:]PORT`, by default a free port on loopback.
import { SluiceError } from '../core/errors.ts'

/** Throws SLU1001 for what is no address. */
export function probeAddress(asked: string | undefined): { host: string; port: number } {
  const text = asked ?? '0'
  const at = text.lastIndexOf(':')
  const port = text.slice(at + 1)
  const host = at === -1 ? '127.0.0.1' : text.slice(0, at).replace(/^\[(.*)\]$/, '$1')
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535 || host === '')
    throw new SluiceError('SLU1001', {
      message: `--probes takes [HOST:]PORT, as 9400 or 0.0.0.0:9400, not ${JSON.stringify(text.slice(0, 80))}`,
    })
  return { host, port: Number(port) }
}
