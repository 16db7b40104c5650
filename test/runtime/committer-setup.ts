// A committer whose group answers when it is told to, in virtual time, and lanes whose messages finish in any order.
import type { World } from '../../workers/core/clock.ts'
import type { Lane, LogCommit } from '../../workers/core/contract.ts'
import type { SluiceError } from '../../workers/core/errors.ts'
import { countedIds, seededRandom } from '../../workers/core/seeded.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { Committer } from '../../workers/runtime/committer.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { LaneState } from '../../workers/runtime/task.ts'
import { recordedLog } from '../support/recorded-log.ts'

const laneOf = (id: string): Lane => ({ id, partition: 0, live: () => true })

/** A lane whose messages finish in any order. */
export class Partition {
  readonly state: LaneState
  /** Offsets taken and open, with their slots. */
  readonly open: [offset: number, slot: number][] = []
  /** Finished since it was confirmed last, and of those how many the commit under way is about. */
  finished = 0
  asked = 0
  private end = 0

  constructor(id: string) {
    this.state = new LaneState(laneOf(id), new OffsetTracker(0, ''), 0)
  }

  take(): void {
    const offset = this.end++
    this.open.push([offset, this.state.tracker.take(offset)])
  }

  finish(pick: number): void {
    const [[, slot]] = this.open.splice(pick % this.open.length, 1) as [[number, number]]
    this.state.tracker.finish(slot)
    this.finished++
  }

  /** Everything below is finished. */
  get lowest(): number {
    return Math.min(this.end, ...this.open.map(([offset]) => offset))
  }
}

interface UnderWay {
  readonly commits: readonly LogCommit[]
  readonly answer: PromiseWithResolvers<void>
}

export function setup(every: number) {
  const clock = createVirtualClock(0)
  const world: World = { clock, random: seededRandom(1), ids: countedIds() }
  const log = recordedLog()
  const asked: UnderWay[] = []
  const underWay: UnderWay[] = []
  let confirmations = 0
  const source = {
    commit(commits: readonly LogCommit[]) {
      const one = { commits, answer: Promise.withResolvers<void>() }
      asked.push(one)
      underWay.push(one)
      return one.answer.promise
    },
  }
  const committer = new Committer({ source, world, log, every, onConfirmed: () => confirmations++ })
  /** The group has what was asked last; or says no. */
  const answer = async (error?: SluiceError) => {
    const [one] = underWay.splice(0, 1)
    if (error === undefined) one?.answer.resolve()
    else one?.answer.reject(error)
    await clock.advance(0)
  }
  return { clock, log, committer, asked, underWay, answer, confirmations: () => confirmations }
}

export type Setup = ReturnType<typeof setup>

/** Three lanes that the committer knows. */
export function withLanes(every: number): Setup & { readonly partitions: readonly Partition[] } {
  const made = setup(every)
  const partitions = ['orders/0', 'orders/1', 'orders/2'].map((id) => new Partition(id))
  for (const { state } of partitions) made.committer.add(state)
  return { ...made, partitions }
}
