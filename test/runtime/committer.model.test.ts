// The committer beside a model of its group: whatever finishes, is refused, comes late or is lost, a commit says what is finished and no
// more, comes as soon as it is due, and what a crash would repeat is known at every instant.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import { runs } from '../support/fuzz.ts'
import { withLanes, type Partition, type Setup } from './committer-setup.ts'

interface Model {
  readonly every: number
  readonly partitions: readonly Partition[]
  /** Everything finished that no commit confirmed. */
  readonly exposed: () => number
}
type Step = fc.AsyncCommand<Model, Setup>

const exposedOf = (partitions: readonly Partition[]) =>
  partitions.reduce((sum, { finished }) => sum + finished, 0)

/** What must hold after each step: one commit at a time, and what is not confirmed is known. */
function agree(model: Model, { committer, underWay }: Setup): void {
  expect(underWay.length).toBeLessThanOrEqual(1)
  expect(committer.exposed).toBe(model.exposed())
}

/** Looks at what was asked when it was asked: later, more is finished. */
function look({ partitions }: Model, { underWay, asked }: Setup, before: number): void {
  for (const one of asked.slice(before)) {
    expect(underWay).toContain(one)
    expect(one.commits.length).toBeGreaterThan(0)
    for (const { lane, next } of one.commits) {
      const partition = partitions.find(({ state }) => state.lane === lane)
      expect(next).toBe(partition?.lowest)
    }
    for (const partition of partitions) {
      const isIn = one.commits.some(({ lane }) => lane === partition.state.lane)
      partition.asked = isIn ? partition.finished : 0
      // Whatever is finished is said with the next commit.
      expect(isIn || partition.finished === 0).toBe(true)
    }
  }
}

const step = (
  name: string,
  check: (model: Readonly<Model>) => boolean,
  run: (model: Model, real: Setup) => void | Promise<void>,
): Step => ({
  check,
  async run(model, real) {
    const before = real.asked.length
    await run(model, real)
    look(model, real, before)
    agree(model, real)
  },
  toString: () => name,
})

const finish = fc.tuple(fc.nat(2), fc.nat()).map(([which, pick]) =>
  step(
    `finish ${which}`,
    () => true,
    ({ partitions, every, exposed }, { committer, asked, underWay }) => {
      const partition = partitions[which] as Partition
      while (partition.open.length < 3) partition.take()
      partition.finish(pick)
      const [before, idle] = [asked.length, underWay.length === 0]
      committer.finished(partition.state)
      // Due at once; what failed waits for its backoff.
      const isDue = idle && exposed() === every
      if (asked.length > before) expect(isDue).toBe(true)
    },
  ),
)
const confirm = step(
  'confirm',
  () => true,
  async ({ partitions }, { answer, underWay, asked, confirmations }) => {
    const [one] = underWay
    if (one === undefined) return
    const [times, before] = [confirmations(), asked.length]
    for (const partition of partitions) {
      partition.finished -= partition.asked
      partition.asked = 0
    }
    await answer()
    expect(confirmations()).toBe(times + 1)
    expect(asked.length - before).toBeLessThanOrEqual(1)
    for (const { lane, next } of one.commits) {
      const partition = partitions.find(({ state }) => state.lane === lane)
      expect(partition?.state.committed).toBe(next)
    }
  },
)
const refuse = fc.constantFrom('SLU5201' as const, 'SLU5204' as const).map((code) =>
  step(
    `refuse ${code}`,
    () => true,
    async ({ partitions }, { answer, underWay, log, confirmations }) => {
      if (underWay.length === 0) return
      const [times, lines] = [confirmations(), log.lines.length]
      for (const partition of partitions) partition.asked = 0
      await answer(new SluiceError(code))
      expect(confirmations()).toBe(times)
      expect(log.lines.slice(lines)).toEqual([
        {
          level: code === 'SLU5204' ? 'debug' : 'warn',
          fields: { err: new SluiceError(code) },
          message: 'A commit was not taken; it is tried again.',
        },
      ])
    },
  ),
)
const hurry = step(
  'hurry',
  () => true,
  ({ exposed }, { committer, asked, underWay }) => {
    const [before, idle] = [asked.length, underWay.length === 0]
    committer.hurry()
    if (exposed() === 0 || !idle) expect(asked.length).toBe(before)
  },
)
const wait = fc.constantFrom(1, 100, 499, 600, 6_000).map((ms) =>
  step(
    `wait ${ms}`,
    () => true,
    async ({ exposed }, { clock, asked, underWay }) => {
      const [before, idle] = [asked.length, underWay.length === 0]
      await clock.advance(ms)
      // Longer than any commit is put off: half a second, or a backoff and then at once.
      if (ms === 6_000 && idle && exposed() > 0) expect(asked.length).toBe(before + 1)
      if (exposed() === 0) expect(asked.length).toBe(before)
    },
  ),
)

test('the committer agrees with a model of its group, whatever happens', async () => {
  const steps = fc.commands(
    [
      finish,
      finish,
      finish,
      fc.constant(confirm),
      fc.constant(confirm),
      refuse,
      fc.constant(hurry),
      wait,
    ],
    { maxCommands: 60 },
  )
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (every, commands) => {
      const real = withLanes(every)
      const { partitions } = real
      const model: Model = { every, partitions, exposed: () => exposedOf(partitions) }
      await fc.asyncModelRun(() => ({ model, real }), commands)
      // In the end everything is confirmed, within the longest backoff and the longest wait.
      for (let turn = 0; turn < 4; turn++) {
        await real.clock.advance(6_000)
        await real.answer()
      }
      expect(real.committer.exposed).toBe(0)
      for (const { state, lowest } of model.partitions) expect(state.committed).toBe(lowest)
    }),
    { numRuns: runs(300) },
  )
})
