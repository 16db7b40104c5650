import { describe, expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createEmbeddedLogDriver } from '../../workers/drivers/embedded/log-driver.ts'
import { murmur2 } from '../../workers/core/murmur2.ts'
import { EmbeddedTopics } from '../../workers/drivers/embedded/topics.ts'
import { describeLogDriver } from './log.contract.ts'

const topics = new EmbeddedTopics()
const context = {
  world: systemWorld,
  log: silentLog,
  origin: 'connection events',
  clientId: 'contract',
}
describeLogDriver('embedded', { driver: () => createEmbeddedLogDriver(topics, context) })

describe('murmur2', () => {
  // The values of Kafka's own UtilsTest.
  test.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('%s', (text, expected) => {
    expect(murmur2(Buffer.from(text))).toBe(expected)
  })
})
