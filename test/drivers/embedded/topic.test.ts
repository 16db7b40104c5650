import { describe, expect, test } from 'vitest'
import { Group } from '../../../workers/drivers/embedded/group.ts'
import { EmbeddedTopic } from '../../../workers/drivers/embedded/topic.ts'

const MESSAGE = { key: null, value: Buffer.alloc(64 * 1024), headers: {}, timestamp: 0 }
const MANY = 512

const fill = (topic: EmbeddedTopic) => topic.appendAll(Array.from({ length: MANY }, () => MESSAGE))

describe('an embedded topic above 16 MiB', () => {
  test('forgets the oldest messages, and offsets go on', () => {
    const topic = new EmbeddedTopic(1, 1_048_588)
    fill(topic)
    const [partition] = topic.partitions
    expect(partition?.end).toBe(MANY)
    expect(partition?.start).toBeGreaterThan(MANY / 4)
    const from = partition?.start ?? 0
    expect(partition?.read(from, 2).map(({ offset }) => offset)).toEqual([from, from + 1])
  })

  test('keeps what a group has not committed', () => {
    const topic = new EmbeddedTopic(1, 1_048_588)
    const group = new Group(topic)
    fill(topic)
    expect(topic.partitions[0]?.start).toBe(0)
    group.offsets.set(0, { next: 10, note: '' })
    fill(topic)
    expect(topic.partitions[0]?.start).toBe(10)
  })
})
