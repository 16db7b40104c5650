// A proxy that speaks enough of Kafka's protocol to see each request, and to change or keep back what is answered to Produce.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

const PRODUCE = 0
const FETCH = 1
const METADATA = 3
const HOST = '127.0.0.1'

export interface Seen {
  readonly api: 'produce' | 'metadata'
  /** Of a Produce request: where its messages are to go. */
  readonly partitions: readonly number[]
}

export interface KafkaProxy {
  readonly brokers: readonly string[]
  readonly seen: Seen[]
  /** Fetches that were answered. */
  fetches(): number
  /** Where each Produce request was to go. */
  asked(): (readonly number[])[]
  /** What the next Produce of this very set of partitions is answered: another error code by partition, or nothing at all. */
  answerNext(partitions: readonly number[], answer: Answer): void
  /** While it is on, each fetch is answered as the last one that found nothing. */
  emptyFetches(on: boolean): void
}

type Answer = ReadonlyMap<number, number> | 'silence'

export async function kafkaProxy(broker: string): Promise<KafkaProxy> {
  const [host = '', port = ''] = broker.split(':')
  const sockets = new Set<Socket>()
  const seen: Seen[] = []
  const planned = new Map<string, Answer>()
  let emptied = false
  let fetches = 0
  let nothing: Buffer | undefined
  const server = createServer((client) => {
    const upstream = connect({ host, port: Number(port) })
    const asked = new Map<number, { api: number; answer: Answer | undefined }>()
    inFrames(client, (frame) => {
      const request = read(frame)
      const set = request.partitions.join()
      if (request.api === PRODUCE) seen.push({ api: 'produce', partitions: request.partitions })
      if (request.api === METADATA) seen.push({ api: 'metadata', partitions: [] })
      const answer = request.api === PRODUCE ? planned.get(set) : undefined
      if (answer !== undefined) planned.delete(set)
      asked.set(request.correlation, { api: request.api, answer })
      upstream.write(frame)
    })
    inFrames(upstream, (came) => {
      let frame = came
      const { api, answer } = asked.get(frame.readInt32BE(4)) ?? { api: -1, answer: undefined }
      if (answer === 'silence') return
      if (api === FETCH) {
        fetches++
        if (emptied && nothing !== undefined) {
          const correlation = frame.readInt32BE(4)
          frame = Buffer.from(nothing)
          frame.writeInt32BE(correlation, 4)
        } else if (nothing === undefined || frame.length <= nothing.length) nothing = frame
      }
      if (api === METADATA) pointTo((server.address() as AddressInfo).port, Number(port), frame)
      if (answer !== undefined) setErrors(frame, answer)
      client.write(frame)
    })
    for (const [side, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(side)
      side.on('error', () => {})
      side.on('close', () => {
        sockets.delete(side)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return {
    brokers: [`${HOST}:${(server.address() as AddressInfo).port}`],
    seen,
    fetches: () => fetches,
    asked: () => seen.flatMap(({ api, partitions }) => (api === 'produce' ? [partitions] : [])),
    answerNext: (partitions, answer) => planned.set(partitions.join(), answer),
    emptyFetches: (on) => (emptied = on),
  }
}

/** Whole messages of the protocol, their length in front. */
function inFrames(socket: Socket, onFrame: (frame: Buffer) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      onFrame(Buffer.from(rest.subarray(0, end)))
      rest = rest.subarray(end)
    }
  })
}

class Reader {
  at: number
  private readonly bytes: Buffer

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  int16 = () => this.bytes.readInt16BE((this.at += 2) - 2)
  int32 = () => this.bytes.readInt32BE((this.at += 4) - 4)
  skip = (bytes: number) => void (this.at += Math.max(0, bytes))
  times(read: () => void): void {
    for (let left = this.int32(); left > 0; left--) read()
  }
}

function read(frame: Buffer): { api: number; correlation: number; partitions: number[] } {
  const reader = new Reader(frame, 4)
  const api = reader.int16()
  reader.int16()
  const correlation = reader.int32()
  const partitions: number[] = []
  if (api !== PRODUCE) return { api, correlation, partitions }
  reader.skip(reader.int16()) // client
  reader.skip(reader.int16()) // transaction
  reader.skip(2 + 4) // acks, timeout
  reader.times(() => {
    reader.skip(reader.int16())
    reader.times(() => {
      partitions.push(reader.int32())
      reader.skip(reader.int32())
    })
  })
  return { api, correlation, partitions: partitions.sort((a, b) => a - b) }
}

/** Produce's answer as of version 5. */
function setErrors(frame: Buffer, codes: ReadonlyMap<number, number>): void {
  const reader = new Reader(frame, 8)
  reader.times(() => {
    reader.skip(reader.int16())
    reader.times(() => {
      const code = codes.get(reader.int32())
      if (code !== undefined) frame.writeInt16BE(code, reader.at)
      reader.skip(2 + 3 * 8)
    })
  })
}

/** The client must come back to us: ports are of one size, so nothing moves. */
function pointTo(own: number, broker: number, frame: Buffer): void {
  const address = Buffer.alloc(2 + HOST.length + 4)
  address.writeInt16BE(HOST.length, 0)
  address.write(HOST, 2)
  address.writeInt32BE(broker, 2 + HOST.length)
  for (let at = frame.indexOf(address); at !== -1; at = frame.indexOf(address, at + 1))
    frame.writeInt32BE(own, at + 2 + HOST.length)
}
