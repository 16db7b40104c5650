// Who may ask: whoever has the token; in the development profile also whoever is on this machine and asks by its own name.
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'

export interface AccessTerms {
  /** Undefined: nobody has one. */
  readonly token: string | undefined
  /** Reads from this machine need none. */
  readonly openOnLoopback: boolean
}

export interface Asker {
  readonly authorization: string | undefined
  readonly host: string | undefined
  readonly address: string | undefined
  /** It came through a proxy: who asks is somebody else than who connected. */
  readonly forwarded: boolean
}

export type Verdict = 'granted' | 'no-token' | 'wrong-host'

export class Access {
  private readonly digest: Buffer | undefined
  private readonly openOnLoopback: boolean

  constructor({ token, openOnLoopback }: AccessTerms) {
    this.digest = token === undefined ? undefined : digestOf(token)
    this.openOnLoopback = openOnLoopback
  }

  /** A wrong token is refused wherever it comes from. */
  judge({ authorization, host, address, forwarded }: Asker): Verdict {
    if (authorization !== undefined) return this.knows(authorization) ? 'granted' : 'no-token'
    if (!this.openOnLoopback || forwarded || !isLoopback(address ?? '')) return 'no-token'
    // A page in a browser whose name leads here sends that name.
    return isLoopback(nameIn(host ?? '')) ? 'granted' : 'wrong-host'
  }

  /** Takes as long for one wrong token as for another. */
  private knows(authorization: string): boolean {
    const [, given] = /^Bearer +([!-~]+) *$/i.exec(authorization) ?? []
    if (this.digest === undefined || given === undefined) return false
    return timingSafeEqual(digestOf(given), this.digest)
  }
}

const digestOf = (text: string) => createHash('sha256').update(text).digest()

/** Without the port. */
const nameIn = (host: string): string => host.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1')

/** An address or a name that leads to this machine for certain. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^::ffff:/i, '')
  if (isIP(plain) === 4) return plain.startsWith('127.')
  return isIP(plain) === 6 ? plain === '::1' : /^([a-z0-9-]+\.)*localhost$/i.test(plain)
}
