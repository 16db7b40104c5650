// A partition of a log as a source: a message is its topic, partition and offset, and offsets are committed.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { Driver, Lane, LogSource } from '../core/contract.ts'
import type { Logger } from '../core/log.ts'
import type { LogMessage, PlacedMessage } from '../core/message.ts'
import type { FromPlan, TopicFromPlan } from '../core/plan.ts'
import type { SourcePlan } from '../core/source-plan.ts'
import { cloudEvent, isCloudEvent } from './cloud-event.ts'
import { Committer } from './committer.ts'
import { createDecode, type Decode } from './decode.ts'
import type { TopicFormat } from './formats/topic-format.ts'
import type { Meaning, Origin } from './origin.ts'
import type { Task } from './task.ts'
import { PlainEnvelope } from './plain-envelope.ts'

export interface LogOriginParts {
  readonly fleet: string
  readonly plan: SourcePlan
  readonly from: TopicFromPlan
  readonly source: LogSource
  readonly driver: Driver
  readonly check: Check
  /** Undefined: its values are JSON as they stand. */
  readonly format: TopicFormat | undefined
  /** Completions that make a commit due. */
  readonly commitEvery: number
  readonly world: World
  readonly log: Logger
}

const CE = 'ce_'

export function logOrigin(parts: LogOriginParts): Origin {
  const { plan, from, source, driver, format, commitEvery: every, world, log } = parts
  const { name } = plan
  const first = (lane: Lane, message: PlacedMessage) => firstPlace(name, lane, message)
  const place = ({ group, message }: Task) => textOf(first(group.lane, message))
  return {
    name,
    source,
    driver,
    decode: logDecode(parts),
    ...(format === undefined ? {} : { meaning: meaningOf(format) }),
    settlement: (onConfirmed) => new Committer({ source, world, log, every, onConfirmed }),
    operation: (lane, message) => {
      const { partition, offset } = first(lane, message)
      return { system: 'kafka', group: from.group, partition, offset }
    },
    place,
    // A place of a partition is its owner's alone; a copy of what was parked has one of its own.
    delivery({ group, message }) {
      const place = `${group.lane.id}/${message.offset}`
      return { place, message: place, again: 0 }
    },
    timePlace: ({ group, message }) => String(first(group.lane, message).partition),
    coordinates: ({ group, message }) => {
      const { topic, partition, offset } = first(group.lane, message)
      return { topic, partition: String(partition), offset: String(offset) }
    },
  }
}

const meaningOf = ({ registry, learn }: TopicFormat): Meaning => ({
  driver: registry,
  learn: ({ value }) => (value === null ? undefined : learn(value)),
})

/** Whoever reads a log so knows its messages as a pipeline does. */
export function logDecode({
  fleet,
  plan,
  from,
  check,
  format,
}: Pick<LogOriginParts, 'fleet' | 'plan' | 'check' | 'format'> & {
  readonly from: Pick<FromPlan, 'maxBytes'>
}): Decode {
  const { name, envelope, tombstones } = plan
  const source = `/${fleet}/${name}`
  const identity = (message: PlacedMessage, lane: Lane, data: unknown) => {
    const key = keyText(message)
    const { headers, timestamp } = message
    if (isCloudEvent(headers, CE)) return cloudEvent({ headers, prefix: CE, timestamp, key, data })
    const id = textOf(firstPlace(name, lane, message))
    return new PlainEnvelope(envelope, { id, type: name, source, key, timestamp }, data)
  }
  return createDecode({
    tombstones,
    maxBytes: from.maxBytes,
    parse: format?.decode,
    check,
    envelope: identity,
  })
}

interface FirstPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Where the message stood at first: a parked one stands elsewhere now. */
const firstPlace = (topic: string, { partition }: Lane, message: PlacedMessage): FirstPlace =>
  (message as LogMessage).parked ?? { topic, partition, offset: message.offset }

const textOf = ({ topic, partition, offset }: FirstPlace) => `${topic}/${partition}/${offset}`

function keyText({ key }: PlacedMessage): string | null {
  return key === null ? null : Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8')
}
