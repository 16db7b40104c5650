// Commits of a lane that is given up, while another one of the same pipeline goes on: a topic beside the tiers of its parked messages.
import { expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Lane, LogCommit } from '../../workers/core/contract.ts'
import { Committer } from '../../workers/runtime/committer.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { LaneState } from '../../workers/runtime/task.ts'
import { recordedLog } from '../support/recorded-log.ts'

function laneOf(id: string) {
  const lane: Lane = { id, partition: 0, live: () => true }
  const state = new LaneState(lane, new OffsetTracker(0, ''), 0)
  let offset = 0
  const finish = (committer: Committer) => {
    state.tracker.finish(state.tracker.take(offset++))
    committer.finished(state)
  }
  return { state, finish }
}

test('it is flushed once its own commits are confirmed, however busy the others are', async () => {
  const [leaving, busy] = [laneOf('billing.retry.1m/0'), laneOf('orders/0')]
  const committed: string[] = []
  const source = {
    commit(commits: readonly LogCommit[]) {
      committed.push(...commits.map(({ lane, next }) => `${lane.id} ${next}`))
      // As soon as one is confirmed, there is more to commit.
      busy.finish(committer)
      return systemWorld.clock.sleep(1)
    },
  }
  const committer: Committer = new Committer({
    source,
    world: systemWorld,
    log: recordedLog(),
    every: 1_000,
    onConfirmed: () => {},
  })
  for (const { state } of [leaving, busy]) committer.add(state)
  leaving.finish(committer)
  busy.finish(committer)
  const late = new AbortController()
  const timer = systemWorld.clock.after(5_000, () => late.abort())
  await committer.flush([leaving.state], late.signal)
  timer.cancel()
  committer.stop()
  expect(late.signal.aborted).toBe(false)
  expect(committed).toEqual(['billing.retry.1m/0 1', 'orders/0 1'])
})
