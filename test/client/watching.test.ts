// A job that is followed by its id: every change of its progress once, its end, and a server that goes away meanwhile.
import { expect, test } from 'vitest'
import { createWatching } from '../../workers/client/watching.ts'
import type { JobDriver } from '../../workers/core/contract.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createEmbeddedJobDriver } from '../../workers/drivers/embedded/job-driver.ts'
import { EmbeddedJobs } from '../../workers/drivers/embedded/jobs.ts'
import { jobOf, jobsAt } from '../contract/jobs.contract.ts'
import { rejectionOf } from '../contract/queue.contract.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'

async function followed() {
  const clock = createVirtualClock(0)
  const state = new EmbeddedJobs(clock)
  const random = { next: () => 0.5 }
  const ids = { next: () => 'id' }
  const driver: JobDriver = createEmbeddedJobDriver(state, {
    world: { clock, random, ids },
    log: recordedLog(),
    origin: 'test',
    clientId: 'test',
  })
  await driver.connect()
  const jobs = jobsAt('chores')
  await driver.sink(jobs).send(jobOf('a'))
  const intake = new RecordingIntake()
  const source = driver.source({ jobs, prefetch: 2 })
  await source.start(intake)
  const { progress, wait } = createWatching({
    name: 'chores',
    clock,
    status: (id) => driver.status(jobs, id),
  })
  /** It comes again after each loss of its server. */
  const ack = () => {
    const { lane, message } = intake.seen.at(-1) as (typeof intake.seen)[number]
    source.ack(lane, message.offset, { outcome: 'acked', attempts: 1 })
  }
  return { clock, state, driver, jobs, source, progress, wait, ack }
}

test('its progress is told whenever it has changed, until its end', async () => {
  const { clock, source, progress, ack } = await followed()
  const told: number[] = []
  const all = (async () => {
    for await (const percent of progress('a')) told.push(percent)
  })()
  for (const percent of [10, 10, 60]) {
    source.report('a', percent)
    await clock.advance(5_000)
  }
  ack()
  await clock.advance(5_000)
  await all
  expect(told).toEqual([10, 60])
})

test('a job that somebody else adds is waited for as long as it may be unknown', async () => {
  const { clock, driver, jobs, wait, ack } = await followed()
  const known = wait('later', { knownWithinMs: 10_000 })
  const unknown = rejectionOf(wait('never', { knownWithinMs: 10_000 }))
  await clock.advance(5_000)
  await driver.sink(jobs).send(jobOf('later'))
  await clock.advance(6_000)
  expect(await unknown).toMatchObject({ code: 'SLU5802' })
  ack()
  await clock.advance(5_000)
  expect(await known).toMatchObject({ id: 'later', state: 'completed' })
})

test('a server that is away is waited for, and the time for the wait goes on', async () => {
  const { clock, state, wait, ack } = await followed()
  const waiting = wait('a', { withinMs: 60_000 })
  state.setAvailable(false)
  await clock.advance(10_000)
  state.setAvailable(true)
  await clock.advance(10_000)
  ack()
  await clock.advance(5_000)
  expect(await waiting).toMatchObject({ state: 'completed', outcome: 'acked' })

  const late = rejectionOf(wait('a'.repeat(2)))
  expect(await late).toMatchObject({ code: 'SLU5802' })
  state.setAvailable(false)
  const never = rejectionOf(wait('a', { withinMs: 3_000 }))
  await clock.advance(3_000)
  expect(await never).toMatchObject({ code: 'SLU5803' })
})

test('a server that does not answer holds nobody up for longer than was said', async () => {
  const clock = createVirtualClock(0)
  const { wait } = createWatching({
    name: 'chores',
    clock,
    status: () => new Promise(() => {}),
  })
  const late = rejectionOf(wait('a', { withinMs: 3_000 }))
  const given = new AbortController()
  const givenUp = wait('a', { signal: given.signal })
  given.abort(new Error('given up'))
  await expect(givenUp).rejects.toThrow('given up')
  await clock.advance(3_000)
  expect(await late).toMatchObject({ code: 'SLU5803' })
})
