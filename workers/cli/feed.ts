// Sends the lines of a file to a topic; checks the whole file before the first message leaves.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { World } from '../core/clock.ts'
import type { Sink } from '../core/contract.ts'
import { asError, SluiceError } from '../core/errors.ts'
import type { LogMessage } from '../core/message.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Example } from '../load/messages.ts'
import { readFeedLine, type FeedMessage } from './feed-line.ts'
import { unknownTopic } from './sender.ts'

/** Sends under way at once. */
const AT_ONCE = 500

export interface Feed {
  readonly topic: string
  readonly file: string
}

/** `TOPIC=FILE`. */
export function parseFeed(text: string): Feed {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1)
    throw new SluiceError('SLU1001', { message: `--feed takes TOPIC=FILE, not "${text}"` })
  return { topic: text.slice(0, at), file: text.slice(at + 1) }
}

/** Rejects with SLU1001 for a topic that is not there, and with SLU1004 at the first line that is not a message. Returns how many there are. */
export async function checkFeed(feed: Feed, topics: FleetPlan['topics']): Promise<number> {
  if (!Object.hasOwn(topics, feed.topic)) throw unknownTopic(feed.topic, topics)
  let count = 0
  for await (const _ of messagesOf(feed)) count++
  return count
}

/** Resolves when each message is confirmed; after a first failure nothing more leaves, and it rejects with that one, which names the line. */
export async function sendFeed(feed: Feed, sink: Sink, world: World): Promise<number> {
  let count = 0
  let batch: Promise<void>[] = []
  const failures: unknown[] = []
  for await (const { line, message } of messagesOf(feed)) {
    if (failures.length > 0) break
    count++
    const id = `${feed.topic}/feed/${count}`
    batch.push(
      sink
        .send({ ...message, id, timestamp: world.clock.now(), contentType: 'application/json' })
        .catch((error: unknown) => void failures.push(atLine(feed, line, error))),
    )
    if (batch.length === AT_ONCE) {
      await Promise.all(batch)
      batch = []
    }
  }
  await Promise.all(batch)
  if (failures.length > 0) throw failures[0]
  return count
}

/** The lines as what a log would hold, all checked before the first is given. Rejects with SLU1004 at the first line that is not a message. */
export async function feedMessages(file: string, { clock }: World) {
  const feed = { topic: '', file }
  let count = 0
  for await (const _ of messagesOf(feed)) count++
  return {
    count,
    async *messages(): AsyncGenerator<{ partition: number; message: LogMessage }> {
      for await (const { line, message } of messagesOf(feed))
        yield { partition: 0, message: { ...message, offset: line, timestamp: clock.now() } }
    },
  }
}

/** The lines as examples of JSON messages. Rejects with SLU1004 for a file without any, or with one that is none. */
export async function examplesIn(file: string): Promise<Example[]> {
  const examples: Example[] = []
  const feed = { topic: '', file }
  for await (const { line, message } of messagesOf(feed)) {
    const { key, headers, value } = message
    const data = value === null ? undefined : jsonOf(value)
    if (data === undefined)
      throw new SluiceError('SLU1004', { message: `${file}:${line}: its value is not JSON` })
    examples.push({ key: key === null ? null : Buffer.from(key).toString(), headers, data })
  }
  if (examples.length === 0) throw new SluiceError('SLU1004', { message: `${file} is empty` })
  return examples
}

/** Undefined for what is none. */
function jsonOf(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString()) as unknown
  } catch {
    return undefined
  }
}

function atLine({ file }: Feed, line: number, thrown: unknown): unknown {
  if (!(thrown instanceof SluiceError)) return thrown
  return new SluiceError(thrown.code, {
    message: `${file}:${line}: ${thrown.message}`,
    cause: thrown,
  })
}

interface FeedLine {
  /** From 1. */
  readonly line: number
  readonly message: FeedMessage
}

async function* messagesOf({ file }: Feed): AsyncGenerator<FeedLine> {
  const input = createReadStream(file)
  try {
    let number = 0
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++
      if (line.trim() === '') continue
      const message = readFeedLine(line)
      if (typeof message === 'string')
        throw new SluiceError('SLU1004', { message: `${file}:${number}: ${message}` })
      yield { line: number, message }
    }
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw thrown
    const cause = asError(thrown)
    throw new SluiceError('SLU1004', { message: `${file}: ${cause.message}`, cause })
  } finally {
    input.destroy()
  }
}
