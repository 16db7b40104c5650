// Corrections of kafkajs 2.2.4, applied once, when the first client is made.
//
// 1. Its request queue arms a timer again and again on each idle connection, with negative delays on Node 24, that is every
//    millisecond (tulios/kafkajs#1751): it may only wait when something is pending or throttled.
// 2. It joins a rebalance without waiting for anybody, says nothing of committed metadata, and leaves a group when it crashes while
//    work of its partitions still runs (tulios/kafkajs#922): whoever hooks a group stands around these steps.
// 3. It knows zstd, snappy and lz4 by name only: it is given their codecs.
// 4. It alters configs by the request that resets whatever is not in it; Kafka has had one that sets what is in it, and no more, since 2.3.
// 5. Of the partitions of one request it throws the first that failed, and with it the answers for all others. Whoever produces looks
//    at each partition's `errorCode`, and asks for new metadata where kafkajs did so because of what was thrown.
import { systemClock } from '../../../core/clock.ts'
import { addCodecs } from './codecs.ts'
import {
  alterConfigs,
  ConsumerGroupClass,
  Encoder,
  expectInternals,
  produceRequests,
  RequestQueueClass,
  type ConsumerGroup,
  type FetchedBatch,
  type ProduceRequests,
  type RequestQueue,
} from './internals.ts'

/** Stands around what a consumer group does; each gets the step itself, to be called once. */
export interface GroupHook {
  join(group: ConsumerGroup, step: () => Promise<void>): Promise<void>
  heartbeat(group: ConsumerGroup, step: () => Promise<void>): Promise<void>
  fetch(group: ConsumerGroup, step: () => Promise<FetchedBatch[]>): Promise<FetchedBatch[]>
  leave(group: ConsumerGroup, step: () => Promise<void>): Promise<void>
}

const hooks = new WeakMap<object, GroupHook>()

/** A consumer's cluster object is the one thing that its group and its assigner share. */
export function hookGroup(cluster: object, hook: GroupHook): void {
  hooks.set(cluster, hook)
}

let applied = false

export function applyPatches(): void {
  if (applied) return
  applied = true
  patchRequestQueue(RequestQueueClass.prototype)
  patchConsumerGroup(ConsumerGroupClass.prototype)
  addCodecs()
  alterOnlyWhatIsNamed()
  answerForEachPartition(produceRequests)
}

function patchRequestQueue(prototype: RequestQueue): void {
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function guarded(this: RequestQueue) {
    // kafkajs counts throttling in wall-clock time.
    if (this.pending.length > 0 || this.throttledUntil > systemClock.now()) schedule.call(this)
  }
}

function patchConsumerGroup(prototype: ConsumerGroup): void {
  const { joinAndSync, heartbeat, fetch, leave } = prototype
  prototype.joinAndSync = function hooked(this: ConsumerGroup) {
    const step = () => joinAndSync.call(this)
    return hooks.get(this.cluster)?.join(this, step) ?? step()
  }
  prototype.heartbeat = function hooked(this: ConsumerGroup, options) {
    const step = () => heartbeat.call(this, options)
    return hooks.get(this.cluster)?.heartbeat(this, step) ?? step()
  }
  prototype.fetch = function hooked(this: ConsumerGroup, nodeId) {
    const step = () => fetch.call(this, nodeId)
    return hooks.get(this.cluster)?.fetch(this, step) ?? step()
  }
  prototype.leave = function hooked(this: ConsumerGroup) {
    const step = () => leave.call(this)
    return hooks.get(this.cluster)?.leave(this, step) ?? step()
  }
}

/** https://kafka.apache.org/protocol.html#The_Messages_IncrementalAlterConfigs, version 0; its response is that of the other. */
function alterOnlyWhatIsNamed(): void {
  const SET = 0
  const { response } = alterConfigs.protocol({ version: 0 })({ resources: [], validateOnly: true })
  alterConfigs.protocol =
    () =>
    ({ resources, validateOnly }) => ({
      response,
      request: {
        apiKey: 44,
        apiVersion: 0,
        apiName: 'IncrementalAlterConfigs',
        encode: () => {
          const encoded = resources.map(({ type, name, configEntries }) => {
            const entries = configEntries.map((entry) =>
              new Encoder().writeString(entry.name).writeInt8(SET).writeString(entry.value),
            )
            return new Encoder().writeInt8(type).writeString(name).writeArray(entries)
          })
          return Promise.resolve(new Encoder().writeArray(encoded).writeBoolean(validateOnly))
        },
      },
    })
}

export function answerForEachPartition(requests: ProduceRequests): void {
  const { protocol, versions } = requests
  for (const version of versions) {
    const { response } = protocol({ version })({ topicData: [] })
    const { decode, parse } = response
    const known = typeof decode === 'function' && typeof parse === 'function'
    expectInternals(known, `the answer to Produce ${version} is read in another way`)
  }
  requests.protocol = (choice) => {
    const make = protocol(choice)
    return (payload) => {
      const { request, response } = make(payload)
      return { request, response: { ...response, parse: (data) => Promise.resolve(data) } }
    }
  }
}
