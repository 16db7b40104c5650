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

const NOT_ASKED = { api: -1, version: 0, answer: undefined }

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
    const asked = new Map<number, { api: number; version: number; answer: Answer | undefined }>()
    inFrames(client, (frame) => {
      const request = read(frame)
      const set = request.partitions.join()
      if (request.api === PRODUCE) seen.push({ api: 'produce', partitions: request.partitions })
      if (request.api === METADATA) seen.push({ api: 'metadata', partitions: [] })
      const answer = request.api === PRODUCE ? planned.get(set) : undefined
      if (answer !== undefined) planned.delete(set)
      const { api, version } = request
      asked.set(request.correlation, { api, version, answer })
      upstream.write(frame)
    })
    inFrames(upstream, (came) => {
      let frame = came
      const { api, version, answer } = asked.get(frame.readInt32BE(4)) ?? NOT_ASKED
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
      if (answer !== undefined) setErrors(frame, version, answer)
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

/** The first version of Produce with lengths of their own size and tagged fields. */
const FLEXIBLE = 9

class Reader {
  at: number
  private readonly bytes: Buffer
  private readonly flexible: boolean

  constructor(bytes: Buffer, at: number, flexible: boolean) {
    this.bytes = bytes
    this.at = at
    this.flexible = flexible
  }

  int16 = () => this.bytes.readInt16BE((this.at += 2) - 2)
  int32 = () => this.bytes.readInt32BE((this.at += 4) - 4)
  skip = (bytes: number) => void (this.at += Math.max(0, bytes))
  string = () => this.skip(this.flexible ? this.varint() - 1 : this.int16())
  blob = () => this.skip(this.flexible ? this.varint() - 1 : this.int32())
  tags(): void {
    if (!this.flexible) return
    for (let left = this.varint(); left > 0; left--) {
      this.varint()
      this.skip(this.varint())
    }
  }
  /** Each element ends with tagged fields. */
  times(read: () => void): void {
    for (let left = this.flexible ? this.varint() - 1 : this.int32(); left > 0; left--) {
      read()
      this.tags()
    }
  }
  private varint(): number {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes.readUInt8(this.at++)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
}

interface Request {
  readonly api: number
  readonly version: number
  readonly correlation: number
  readonly partitions: number[]
}

function read(frame: Buffer): Request {
  const api = frame.readInt16BE(4)
  const version = frame.readInt16BE(6)
  const correlation = frame.readInt32BE(8)
  const partitions: number[] = []
  if (api !== PRODUCE) return { api, version, correlation, partitions }
  const reader = new Reader(frame, 12, version >= FLEXIBLE)
  reader.skip(reader.int16()) // client
  reader.tags()
  reader.string() // transaction
  reader.skip(2 + 4) // acks, timeout
  reader.times(() => {
    reader.string()
    reader.times(() => {
      partitions.push(reader.int32())
      reader.blob()
    })
  })
  return { api, version, correlation, partitions: partitions.sort((a, b) => a - b) }
}

/** Produce's answer as of version 5, and as of version 9. */
function setErrors(frame: Buffer, version: number, codes: ReadonlyMap<number, number>): void {
  const reader = new Reader(frame, 8, version >= FLEXIBLE)
  reader.tags()
  reader.times(() => {
    reader.string()
    reader.times(() => {
      const code = codes.get(reader.int32())
      if (code !== undefined) frame.writeInt16BE(code, reader.at)
      reader.skip(2 + 3 * 8)
      if (version < 8) return
      reader.times(() => {
        reader.skip(4)
        reader.string()
      })
      reader.string()
    })
  })
}

/** The client must come back to us: ports are of one size, so nothing moves. */
function pointTo(own: number, broker: number, frame: Buffer): void {
  const port = Buffer.alloc(4)
  port.writeInt32BE(broker)
  const name = Buffer.from(HOST)
  for (const length of [Buffer.from([0, HOST.length]), Buffer.from([HOST.length + 1])]) {
    const address = Buffer.concat([length, name, port])
    for (let at = frame.indexOf(address); at !== -1; at = frame.indexOf(address, at + 1))
      frame.writeInt32BE(own, at + address.length - 4)
  }
}
