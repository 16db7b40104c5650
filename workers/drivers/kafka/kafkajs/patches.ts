// Corrections of kafkajs 2.2.4, applied once, when the first client is made.
//
// 1. Its request queue arms a timer again and again on each idle connection, with negative delays on Node 24, that is every
//    millisecond (tulios/kafkajs#1751): it may only wait when something is pending or throttled.
// 2. It joins a rebalance without waiting for anybody, says nothing of committed metadata, and leaves a group when it crashes while
//    work of its partitions still runs (tulios/kafkajs#922): whoever hooks a group stands around these steps.
// 3. It knows zstd, snappy and lz4 by name only: it is given their codecs.
//
// They hold for whoever uses kafkajs in this process, handlers included: nothing here may change what kafkajs promises them.
import { systemClock } from '../../../core/clock.ts'
import { addCodecs } from './codecs.ts'
import {
  ConsumerGroupClass,
  RequestQueueClass,
  type ConsumerGroup,
  type FetchedBatch,
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
