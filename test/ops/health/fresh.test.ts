// What is kept for a second is asked for once, whoever asks at the same time; a failure is told to all who wait and is not kept.
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import { Fresh } from '../../../workers/ops/health/fresh.ts'

function counted(clock = createVirtualClock(0)) {
  const answers: PromiseWithResolvers<number>[] = []
  const fresh = new Fresh(clock, 1_000, () => {
    const answer = Promise.withResolvers<number>()
    answers.push(answer)
    return answer.promise
  })
  return { clock, fresh, answers }
}

describe('Fresh', () => {
  it('asks once for all who ask at the same time', async () => {
    const { fresh, answers } = counted()
    const all = Array.from({ length: 200 }, () => fresh.get())
    expect(answers).toHaveLength(1)
    answers[0]?.resolve(7)
    expect(new Set(await Promise.all(all))).toEqual(new Set([7]))
  })

  it('gives what it has while it asks ahead, and waits for nothing older than its life', async () => {
    const { clock, fresh, answers } = counted()
    const first = fresh.get()
    answers[0]?.resolve(1)
    await first
    await clock.advance(499)
    expect([await fresh.get(), answers.length]).toEqual([1, 1])
    await clock.advance(1)
    expect([await fresh.get(), answers.length]).toEqual([1, 2])
    await clock.advance(499)
    expect([await fresh.get(), answers.length]).toEqual([1, 2])
    await clock.advance(1)
    const second = fresh.get()
    answers[1]?.resolve(2)
    expect([await second, await fresh.get(), answers.length]).toEqual([2, 2, 2])
  })

  it('tells a failure to all who wait, and asks again', async () => {
    const { fresh, answers } = counted()
    const waiting = [fresh.get(), fresh.get()]
    answers[0]?.reject(new Error('away'))
    for (const one of waiting) await expect(one).rejects.toThrow('away')
    const next = fresh.get()
    answers[1]?.resolve(3)
    expect(await next).toBe(3)
  })

  it('lets a failure ahead of time pass', async () => {
    const { clock, fresh, answers } = counted()
    const first = fresh.get()
    answers[0]?.resolve(1)
    await first
    await clock.advance(600)
    expect(await fresh.get()).toBe(1)
    answers[1]?.reject(new Error('away'))
    await clock.advance(1)
    expect([await fresh.get(), answers.length]).toEqual([1, 3])
  })
})
