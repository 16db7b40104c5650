// Hears what arrives on a topic from now on, in a group that commits nothing; takes everything at once and keeps nothing.
import type { Intake, Lane, LaneGrant, LogSource } from '../core/contract.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { Ear } from './load.ts'

export class Listener implements Ear, Intake {
  private readonly source: LogSource
  private readonly heard: (message: PlacedMessage) => void
  private readonly grant = Promise.withResolvers<void>()

  /** `source`: of a group of its own that begins at the end. */
  constructor(source: LogSource, heard: (message: PlacedMessage) => void) {
    this.source = source
    this.heard = heard
  }

  /** Resolves once it knows from where on it hears: whatever arrives after that is heard. */
  async start(): Promise<void> {
    await this.source.start(this)
    await this.grant.promise
  }

  async isCaughtUp(): Promise<boolean> {
    return (await this.source.backlog()) === 0
  }

  stop(): Promise<void> {
    return this.source.stop()
  }

  granted(grants: readonly LaneGrant[]): void {
    if (grants.length > 0) this.grant.resolve()
  }

  offer(_lane: Lane, messages: readonly PlacedMessage[], from: number): number {
    for (const message of messages.slice(from)) this.heard(message)
    return messages.length - from
  }

  room(): Promise<void> {
    return Promise.resolve()
  }

  revoke(): Promise<void> {
    return Promise.resolve()
  }

  lost(): void {}
}
