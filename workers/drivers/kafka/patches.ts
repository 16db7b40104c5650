// Two corrections of kafkajs 2.2.4, applied once when the driver is loaded.
//
// 1. Its request queue re-arms a 1 ms timer for ever on each idle connection, with negative delays on Node 24
//    (tulios/kafkajs#1751): it may only wait when something is pending or throttled.
// 2. It joins a rebalance without waiting for anyone: our hook drains first, and reads committed metadata afterwards.
import { systemClock } from '../../core/clock.ts'
import { ConsumerGroupClass, RequestQueueClass, type ConsumerGroup } from './internals.ts'

export interface GroupHook {
  /** Before each join; the group still holds its old generation. */
  beforeJoin(group: ConsumerGroup): Promise<void>
  /** After each join; assignments are known. */
  afterJoin(group: ConsumerGroup): Promise<void>
  /** The coordinator answered a heartbeat that was sent at `at`, monotonic milliseconds. */
  heard(at: number): void
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
  patchRequestQueue()
  patchConsumerGroup()
}

function patchRequestQueue(): void {
  const { prototype } = RequestQueueClass
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function guarded(this: typeof prototype) {
    if (this.pending.length > 0 || this.throttledUntil > systemClock.now()) schedule.call(this)
  }
}

function patchConsumerGroup(): void {
  const { prototype } = ConsumerGroupClass
  const { joinAndSync, heartbeat } = prototype
  prototype.joinAndSync = async function hookedJoin(this: ConsumerGroup) {
    const hook = hooks.get(this.cluster)
    await hook?.beforeJoin(this)
    await joinAndSync.call(this)
    await hook?.afterJoin(this)
  }
  prototype.heartbeat = async function hookedHeartbeat(this: ConsumerGroup, options) {
    const at = systemClock.monotonic()
    const before = this.lastRequest
    await heartbeat.call(this, options)
    if (this.lastRequest !== before) hooks.get(this.cluster)?.heard(at)
  }
}
