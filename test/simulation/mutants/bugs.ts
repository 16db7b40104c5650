// Bugs as somebody could write them one day, each planted where it would stand; simulation must find every one of them.
import type { LogCommit } from '../../../workers/core/contract.ts'
import type { PlacedMessage } from '../../../workers/core/message.ts'
import type { TierPlan } from '../../../workers/core/plan-policies.ts'
import { EmbeddedLogSource } from '../../../workers/drivers/embedded/log-source.ts'
import { EmbeddedState } from '../../../workers/drivers/embedded/state.ts'
import type { Invariant } from '../../../workers/oracle/verdict.ts'
import { Committer } from '../../../workers/runtime/committer.ts'
import { DeadLetters } from '../../../workers/runtime/dead-letters.ts'
import type { Failure } from '../../../workers/runtime/failure.ts'
import { Holdings } from '../../../workers/runtime/holdings.ts'
import { MessageRun } from '../../../workers/runtime/message-run.ts'
import { OffsetTracker } from '../../../workers/runtime/offset-tracker.ts'
import { Outages } from '../../../workers/runtime/outages.ts'
import { Parking, type ParkingPlace } from '../../../workers/runtime/parking.ts'
import { Pipeline } from '../../../workers/runtime/pipeline.ts'
import { Schedule } from '../../../workers/runtime/schedule.ts'
import type { Settlement } from '../../../workers/runtime/settlement.ts'
import type { LaneState, Task } from '../../../workers/runtime/task.ts'
import { Window } from '../../../workers/runtime/window.ts'
import type { FLEETS } from '../fleets.ts'
import { plant } from './plant.ts'

export interface Bug {
  readonly name: string
  readonly what: string
  readonly fleet: keyof typeof FLEETS
  /** One of those that it breaks. */
  readonly breaks: Invariant
  /** Returns how to take it out again. */
  readonly plant: () => () => void
}

const KEYS = 'a topic, in the order of keys'
const nothing = () => {}
let again = 0

/** What the bugs know of a pipeline. */
interface Inside {
  readonly settlement: Settlement
  readonly schedule: { readonly fresh: Task[]; readonly urgent: Task[] }
  readonly parts: { counts: Record<string, number> }
  settle(task: Task, outcome: string): void
  giveUp(task: Task, failure: Failure): Promise<void>
}

export const BUGS: readonly Bug[] = [
  {
    name: 'commit-before-effect',
    what: 'every offset that was taken is committed, finished or not',
    fleet: KEYS,
    breaks: 'settled',
    plant: () =>
      plant(
        OffsetTracker,
        'lowestOpen',
        () => (tracker: { nextUnseen: number | undefined }) => tracker.nextUnseen,
      ),
  },
  {
    name: 'ack-before-effect',
    what: 'a message of a queue is acknowledged when it is taken',
    fleet: 'a queue',
    breaks: 'settled',
    plant: () =>
      plant(
        Pipeline,
        'takeIn',
        (original) => (pipeline: Inside, state: LaneState, message: PlacedMessage) => {
          const task = original(pipeline, state, message)
          pipeline.settlement.finished(state, message)
          return task
        },
      ),
  },
  {
    name: 'ack-before-confirm',
    what: 'nobody waits for the broker to confirm what is sent',
    fleet: 'a topic, in no order',
    breaks: 'settled',
    plant: () =>
      plant(MessageRun, 'send', (original) => (run: MessageRun, ...given: unknown[]) => {
        void Promise.resolve(original(run, ...given)).catch(nothing)
        return Promise.resolve()
      }),
  },
  {
    name: 'order-broken-by-retry',
    what: 'a message that waits for another attempt lets the next one of its key go ahead',
    fleet: KEYS,
    breaks: 'order',
    plant: () =>
      plant(
        Schedule,
        'wait',
        (original) => (schedule: { release(task: Task): void }, task: Task) => {
          schedule.release(task)
          original(schedule, task)
        },
      ),
  },
  {
    name: 'dead-letter-failure-swallowed',
    what: 'a dead letter that was not taken counts as written',
    fleet: KEYS,
    breaks: 'settled',
    plant: () =>
      plant(
        DeadLetters,
        'once',
        (original) =>
          (letters: DeadLetters, ...given: unknown[]) =>
            Promise.resolve(original(letters, ...given)).catch(nothing),
      ),
  },
  {
    name: 'drain-that-drops',
    what: 'what has not started when a lane is given up counts as finished',
    fleet: 'a topic, with a small window',
    breaks: 'settled',
    plant: () =>
      plant(Pipeline, 'close', (original) => (pipeline: Inside, state: LaneState) => {
        const { fresh, urgent } = pipeline.schedule
        for (const task of [...fresh, ...urgent].filter(({ group }) => group === state)) {
          state.tracker.finish(task.slot)
          pipeline.settlement.finished(state, task.message)
        }
        original(pipeline, state)
      }),
  },
  {
    name: 'claim-marked-too-early',
    what: 'a message is marked as done when it is claimed',
    fleet: 'a store among the steps, once',
    breaks: 'settled',
    plant: () =>
      plant(
        Holdings,
        'claim',
        (original) =>
          async (holdings: { mark(): Promise<void> }, ...given: unknown[]) => {
            await original(holdings, ...given)
            await holdings.mark()
          },
      ),
  },
  {
    name: 'marked-after-settled',
    what: 'a message is settled before it is marked as done',
    fleet: 'a store among the steps, once',
    breaks: 'duplicates',
    plant: () =>
      plant(Holdings, 'mark', (original) => (holdings: Holdings) => {
        void Promise.resolve(original(holdings)).catch(nothing)
        return Promise.resolve()
      }),
  },
  {
    name: 'window-not-bounded',
    what: 'a full window takes more',
    fleet: 'a topic, with a small window',
    breaks: 'bounded',
    plant: () => plant(Window, 'hasRoom', () => () => true),
  },
  {
    name: 'fence-ignored',
    what: 'who lost its lane begins the next effect all the same',
    fleet: KEYS,
    breaks: 'fenced',
    plant: () => plant(MessageRun, 'assertLive', () => nothing),
  },
  {
    name: 'parked-copy-lost',
    what: 'a copy that was not taken counts as parked',
    fleet: 'parking',
    breaks: 'settled',
    plant: () =>
      plant(
        Parking,
        'park',
        () => async (parking: { place: ParkingPlace }, task: Task, _: Failure, tier: TierPlan) => {
          const progress = { ...task.progress, attempt: task.attempt + 1 }
          await parking.place.park(task, tier, progress).catch(nothing)
          return 'parked'
        },
      ),
  },
  {
    name: 'stale-offset-after-rebalance',
    what: 'lanes of an earlier tenure are committed again, and nobody refuses it',
    fleet: KEYS,
    breaks: 'fenced',
    plant() {
      const kept = plant(Committer, 'remove', () => nothing)
      const unfenced = plant(
        EmbeddedLogSource,
        'commit',
        () =>
          (source: { group?: { offsets: Map<number, object> } }, commits: readonly LogCommit[]) => {
            for (const { lane, next, note } of commits)
              source.group?.offsets.set(lane.partition, { next, note })
            return Promise.resolve()
          },
      )
      return () => {
        kept()
        unfenced()
      }
    },
  },
  {
    name: 'outage-is-a-failure',
    what: 'a message becomes a dead letter because its broker is away',
    fleet: KEYS,
    breaks: 'failure',
    plant: () =>
      plant(Pipeline, 'failed', (original) => (pipeline: Inside, task: Task, failure: Failure) => {
        if (failure.error.outage) void pipeline.giveUp(task, failure)
        else original(pipeline, task, failure)
      }),
  },
  {
    name: 'released-twice',
    what: 'what is handed back is not counted',
    fleet: KEYS,
    breaks: 'conservation',
    plant: () =>
      plant(
        Pipeline,
        'release',
        () => (pipeline: Inside, messages: number) =>
          (pipeline.parts.counts['inFlight'] = (pipeline.parts.counts['inFlight'] ?? 0) - messages),
      ),
  },
  {
    name: 'trace-dropped',
    what: 'what is sent carries no trace',
    fleet: KEYS,
    breaks: 'trace',
    plant: () =>
      plant(MessageRun, 'send', (original) => (run: MessageRun, ...given: unknown[]) => {
        const span = { value: { ...run.span, context: {} } }
        return original(Object.create(run, { span }), ...given)
      }),
  },
  {
    name: 'dead-lettered-by-shutdown',
    what: 'what fails while its process stops becomes a dead letter',
    fleet: KEYS,
    breaks: 'shutdown',
    plant: () =>
      plant(Pipeline, 'failed', (original) => (pipeline: Inside, task: Task, failure: Failure) => {
        if (task.group.closed) void pipeline.giveUp(task, failure)
        else original(pipeline, task, failure)
      }),
  },
  {
    name: 'hostile-passed-over',
    what: 'a message that is no good is filtered without a trace',
    fleet: KEYS,
    breaks: 'hostile',
    plant: () =>
      plant(Pipeline, 'failed', (original) => (pipeline: Inside, task: Task, failure: Failure) => {
        if (failure.error.failure === 'invalid') pipeline.settle(task, 'filtered')
        else original(pipeline, task, failure)
      }),
  },
  {
    name: 'windows-forgotten-early',
    what: 'what a message closed is forgotten before it was sent',
    fleet: 'a window, in the order of keys',
    breaks: 'settled',
    plant: () =>
      plant(Holdings, 'owe', () => (_holdings: Holdings, done: () => Promise<void>) => {
        void done().catch(nothing)
      }),
  },
  {
    name: 'windows-under-other-ids',
    what: 'a message that comes again is another one to the windows',
    fleet: 'a window, in the order of keys',
    breaks: 'settled',
    plant: () =>
      plant(
        EmbeddedState,
        'addToWindow',
        (original) => (state: EmbeddedState, entry: { id: string; delivery: string }) =>
          original(state, { ...entry, id: `${entry.id}/${again++}` }),
      ),
  },
  {
    name: 'outage-without-end',
    what: 'who waited for a broker once waits for ever',
    fleet: KEYS,
    breaks: 'progress',
    plant: () => plant(Outages, 'restored', () => () => new Promise(nothing)),
  },
]
