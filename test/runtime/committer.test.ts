// When commits come, what they say, and what giving a lane up waits for; and how messages of a queue are acknowledged.
import { describe, expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Lane, LogCommit } from '../../workers/core/contract.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { Acknowledger } from '../../workers/runtime/acknowledger.ts'
import { Committer } from '../../workers/runtime/committer.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { LaneState } from '../../workers/runtime/task.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { Partition, withLanes } from './committer-setup.ts'

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

/** A topic beside the tiers of its parked messages. */
test('a lane is flushed once its own commits are confirmed, however busy the others of its pipeline are', async () => {
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

function one(every: number) {
  const real = withLanes(every)
  const [partition, other, third] = real.partitions as [Partition, Partition, Partition]
  for (const each of [partition, other, third]) for (let n = 0; n < 20; n++) each.take()
  const finished = (of: Partition) => {
    of.finish(0)
    real.committer.finished(of.state)
  }
  return { ...real, partition, other, third, finished }
}

describe('the committer', () => {
  test('commits at once when as much is finished as is agreed, and not before', async () => {
    const { finished, partition, asked, clock, answer } = one(3)
    finished(partition)
    finished(partition)
    expect(asked).toHaveLength(0)
    finished(partition)
    expect(asked).toHaveLength(1)
    // What finishes meanwhile waits for it, and goes at once if it is as much again.
    for (let n = 0; n < 3; n++) finished(partition)
    expect(asked).toHaveLength(1)
    await answer()
    expect(asked).toHaveLength(2)
    expect(asked[1]?.commits.map(({ next }) => next)).toEqual([6])
    finished(partition)
    await answer()
    await clock.advance(499)
    expect(asked).toHaveLength(2)
    await clock.advance(1)
    expect(asked).toHaveLength(3)
  })

  test('commits little after half a second, counted from the first', async () => {
    const { finished, partition, asked, clock, answer } = one(100)
    finished(partition)
    await clock.advance(400)
    finished(partition)
    await clock.advance(99)
    expect(asked).toHaveLength(0)
    await clock.advance(1)
    expect(asked).toHaveLength(1)
    await answer()
    await clock.advance(10_000)
    expect(asked).toHaveLength(1)
  })

  test('says nothing of lanes of which nothing new is finished', async () => {
    const { finished, partition, other, asked, committer, answer } = one(100)
    finished(partition)
    committer.hurry()
    await answer()
    finished(other)
    committer.hurry()
    expect(asked.map(({ commits }) => commits.map(({ lane }) => lane.id))).toEqual([
      ['orders/0'],
      ['orders/1'],
    ])
  })

  test('what does not fit into a note stays exposed until it is passed, or the lane is gone', async () => {
    const { committer, partition, asked, answer } = one(1_000_000)
    const { state } = partition
    for (let n = 0; n < 9_980; n++) partition.take()
    const slots = partition.open.map(([, slot]) => slot)
    const finishAll = (which: (slot: number) => boolean) => {
      for (const slot of slots.filter(which)) {
        state.tracker.finish(slot)
        committer.finished(state)
      }
    }
    finishAll((slot) => slot % 2 === 1)
    expect(committer.exposed).toBe(5_000)
    committer.hurry()
    await answer()
    const left = committer.exposed
    expect(left).toBe(state.tracker.snapshot()?.uncovered)
    expect(left).toBeGreaterThan(1_000)
    // Half of the holes are closed: what the note has no room for becomes less, never more.
    finishAll((slot) => slot % 2 === 0 && slot < 5_000)
    committer.hurry()
    await answer()
    expect(asked.at(-1)?.commits[0]?.next).toBe(5_000)
    expect(committer.exposed).toBe(state.tracker.snapshot()?.uncovered)
    expect(committer.exposed).toBeLessThan(left)
    expect(committer.exposed).toBeGreaterThan(0)
    committer.remove(state)
    expect(committer.exposed).toBe(0)
    committer.remove(state)
    expect(committer.exposed).toBe(0)
  })

  test('a lane that is gone is not committed, whatever still finishes of it', async () => {
    const { finished, partition, other, committer, asked, clock, answer } = one(2)
    finished(partition)
    committer.remove(partition.state)
    finished(partition)
    finished(partition)
    await clock.advance(10_000)
    expect(asked).toHaveLength(0)
    finished(other)
    await clock.advance(10_000)
    await answer()
    expect(asked.map(({ commits }) => commits.map(({ lane }) => lane.id))).toEqual([['orders/1']])
    expect(committer.exposed).toBe(0)
  })

  test('a lane that is lost while its commit is under way is none of the commit that follows', async () => {
    const { finished, partition, other, committer, asked, clock, answer } = one(2)
    finished(partition)
    finished(other)
    committer.remove(partition.state)
    await answer(new SluiceError('SLU5201'))
    await clock.advance(10_000)
    expect(asked.map(({ commits }) => commits.map(({ lane }) => lane.id))).toEqual([
      ['orders/0', 'orders/1'],
      ['orders/1'],
    ])
  })

  describe('flushed', () => {
    const flush = (committer: Committer, ...partitions: readonly Partition[]) => {
      const late = new AbortController()
      let over = false
      const flushed = committer
        .flush(
          partitions.map(({ state }) => state),
          late.signal,
        )
        .then(() => (over = true))
      return { late, flushed, isOver: () => over }
    }

    test('it commits everything of its lanes, what finishes meanwhile included', async () => {
      const { finished, partition, other, committer, asked, answer, clock } = one(100)
      finished(partition)
      finished(other)
      const { isOver } = flush(committer, other, partition)
      await clock.advance(0)
      expect(asked).toHaveLength(1)
      finished(partition)
      await answer()
      expect([isOver(), asked.length]).toEqual([false, 2])
      await answer()
      expect([isOver(), asked.length]).toEqual([true, 2])
      expect(partition.state.committed).toBe(2)
    })

    test('it waits for the commit that is under way, and asks nothing if that said everything', async () => {
      const { finished, partition, committer, asked, answer, clock } = one(1)
      finished(partition)
      const { isOver } = flush(committer, partition)
      await clock.advance(0)
      expect(isOver()).toBe(false)
      await answer()
      expect([isOver(), asked.length]).toEqual([true, 1])
    })

    test('it needs no commit for lanes of which everything is said, or that it does not know', async () => {
      const { finished, partition, other, third, committer, asked, clock } = one(100)
      finished(partition)
      committer.remove(third.state)
      const { isOver } = flush(committer, other, third)
      await clock.advance(0)
      expect([isOver(), asked.length]).toEqual([true, 0])
    })

    test('it tries again what was refused', async () => {
      const { finished, partition, committer, asked, answer, clock } = one(100)
      finished(partition)
      const { isOver } = flush(committer, partition)
      await clock.advance(0)
      await answer(new SluiceError('SLU5201'))
      await clock.advance(5_000)
      expect([isOver(), asked.length]).toEqual([false, 2])
      await answer()
      expect(isOver()).toBe(true)
    })

    test("it gives up when the lanes are somebody else's, and begins anew the next time", async () => {
      const { finished, partition, committer, asked, answer, clock } = one(100)
      finished(partition)
      const first = flush(committer, partition)
      await clock.advance(0)
      await answer(new SluiceError('SLU5204'))
      await clock.advance(5_000)
      expect(first.isOver()).toBe(true)
      const again = flush(committer, partition)
      await clock.advance(0)
      expect(again.isOver()).toBe(false)
      await answer()
      expect([again.isOver(), asked.length]).toEqual([true, 2])
    })

    test('it begins nothing once it is aborted', async () => {
      const { finished, partition, committer, asked, answer, clock } = one(100)
      finished(partition)
      const { late, isOver } = flush(committer, partition)
      await clock.advance(0)
      late.abort()
      await answer(new SluiceError('SLU5201'))
      await clock.advance(400)
      expect([isOver(), asked.length]).toEqual([true, 1])
    })
  })

  test('each refusal in a row waits longer, up to five seconds, and a commit that was taken ends the row', async () => {
    const { finished, partition, committer, asked, answer, clock } = one(1)
    finished(partition)
    const refusals: number[] = []
    const refused = async () => {
      const before = asked.length
      await answer(new SluiceError('SLU5201'))
      let waited = 0
      while (asked.length === before) {
        await clock.advance(10)
        waited += 10
      }
      return waited
    }
    for (let n = 0; n < 12; n++) refusals.push(await refused())
    expect(refusals[0]).toBeLessThanOrEqual(110)
    expect(Math.max(...refusals)).toBeGreaterThan(1_000)
    expect(Math.max(...refusals)).toBeLessThanOrEqual(5_010)
    await answer()
    finished(partition)
    expect(await refused()).toBeLessThanOrEqual(110)
    committer.stop()
  })

  test('once it is stopped, what waits for its time waits for whoever comes next', async () => {
    const { finished, partition, committer, asked, clock } = one(100)
    finished(partition)
    committer.stop()
    committer.stop()
    await clock.advance(10_000)
    expect([asked.length, committer.exposed, clock.untilNext()]).toEqual([0, 1, undefined])
  })
})

test('the acknowledger acks each message as it finishes, on its lane, and has nothing to wait for', async () => {
  const acked: [string, number][] = []
  const acknowledger = new Acknowledger({ ack: (lane, tag) => void acked.push([lane.id, tag]) })
  const { state } = new Partition('tasks')
  acknowledger.add()
  for (const offset of [3, 1, 2])
    acknowledger.finished(state, { key: null, value: null, headers: {}, timestamp: 0, offset })
  acknowledger.hurry()
  await acknowledger.flush()
  acknowledger.remove()
  acknowledger.stop()
  expect([acknowledger.exposed, acked]).toEqual([0, [3, 1, 2].map((tag) => ['tasks', tag])])
})
