// Reads a stream on a channel of its own from one offset on; a stream forgets nothing by being read, and keeps no place for us.
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { Clock } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import type { LogMessage } from '../../core/message.ts'
import { codeOf } from './errors.ts'
import { fromAmqp } from './inbound.ts'

/** Messages that the broker may be ahead of us. */
const AHEAD = 200
/** How long nothing at all may come until a stream counts as empty from there on. */
const SILENCE_MS = 1_000
const LOOK_AGAIN_MS = 20

export type StreamStart = 'first' | 'last' | number

export interface StreamReading {
  /** The next messages that were there when it was asked; empty: there are no more. */
  next(): Promise<readonly LogMessage[]>
  /** Idempotent, never rejects. */
  close(): Promise<void>
}

/** RabbitMQ refuses the start for anything but a stream: no queue is consumed by mistake. */
export async function readStream(
  model: ChannelModel,
  address: string,
  start: StreamStart,
  clock: Clock,
): Promise<StreamReading> {
  const channel = await model.createChannel()
  let failure: Error | undefined
  channel.on('error', (error: Error) => (failure = error))
  channel.on('close', () => (failure ??= new Error('the channel was closed')))
  try {
    await channel.prefetch(AHEAD)
    const arrived: ConsumeMessage[] = []
    const taken = (message: ConsumeMessage | null) => {
      if (message === null) failure ??= new Error('the broker ended the reading')
      else arrived.push(message)
    }
    await channel.consume(address, taken, { arguments: { 'x-stream-offset': start } })
    return new Reading(channel, address, arrived, () => failure, clock)
  } catch (thrown) {
    throw refusal(address, thrown)
  }
}

class Reading implements StreamReading {
  private readonly channel: Channel
  private readonly address: string
  private readonly arrived: ConsumeMessage[]
  private readonly failure: () => Error | undefined
  private readonly clock: Clock
  private last: ConsumeMessage | undefined

  constructor(
    channel: Channel,
    address: string,
    arrived: ConsumeMessage[],
    failure: () => Error | undefined,
    clock: Clock,
  ) {
    this.channel = channel
    this.address = address
    this.arrived = arrived
    this.failure = failure
    this.clock = clock
  }

  readonly next = async (): Promise<readonly LogMessage[]> => {
    const { last, clock } = this
    // An acknowledgement of a stream only asks for more.
    if (last !== undefined) this.channel.ack(last, true)
    const deadline = clock.monotonic() + SILENCE_MS
    for (let quiet = 0; this.arrived.length === 0; quiet++) {
      // Nothing says where a stream ends. What an acknowledgement lets through is delivered before the next question
      // is answered: two answers with nothing before them are the end. The very first delivery takes its own time.
      if (last === undefined ? clock.monotonic() > deadline : quiet >= 2) return []
      if (last === undefined && quiet > 0) await clock.sleep(LOOK_AGAIN_MS)
      await this.fence()
    }
    const page = this.arrived.splice(0)
    this.last = page.at(-1)
    return page.map(streamMessage)
  }

  readonly close = async (): Promise<void> => {
    await this.channel.close().catch(() => {})
  }

  private async fence(): Promise<void> {
    try {
      await this.channel.checkQueue(this.address)
    } catch (thrown) {
      throw refusal(this.address, this.failure() ?? thrown)
    }
    const failure = this.failure()
    if (failure !== undefined) throw refusal(this.address, failure)
  }
}

function streamMessage(message: ConsumeMessage): LogMessage {
  const { headers, ...rest } = fromAmqp(message)
  const { 'x-stream-offset': offset, ...others } = headers
  return { ...rest, headers: others, offset: Number(offset) }
}

function refusal(address: string, thrown: unknown): SluiceError {
  const absent = codeOf(thrown) === '404'
  return new SluiceError(absent ? 'SLU5703' : 'SLU5702', {
    message: absent
      ? `there is no stream ${address}`
      : `stream ${address} cannot be looked at: ${(thrown as Error).message}`,
    cause: thrown,
  })
}
