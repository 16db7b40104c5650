import { describe, expect, test } from 'vitest'
import { eventLoopTurn } from '../../workers/core/clock.ts'
import { SingleFlight } from '../../workers/steps/single-flight.ts'

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('single flight', () => {
  test('a hundred callers with one key share one piece of work', async () => {
    const flights = new SingleFlight<number>()
    const work = deferred<number>()
    let started = 0
    const calls = Array.from({ length: 100 }, () =>
      flights.run('k', () => {
        started++
        return work.promise
      }),
    )
    work.resolve(7)
    const answers = await Promise.all(calls)
    expect(started).toBe(1)
    expect(answers.map(({ value }) => value)).toEqual(Array(100).fill(7))
    expect(answers.filter(({ joined }) => !joined)).toHaveLength(1)
    expect(flights.size).toBe(0)
  })

  test('a failure belongs to the one whose work failed: the next leads, the others follow it', async () => {
    const flights = new SingleFlight<string>()
    const first = deferred<string>()
    let started = 0
    const leader = flights.run('k', () => first.promise)
    const followers = Array.from({ length: 5 }, () =>
      flights.run('k', async () => {
        started++
        await Promise.resolve()
        return 'second'
      }),
    )
    first.reject(new Error('mine alone'))
    await expect(leader).rejects.toThrow('mine alone')
    const answers = await Promise.all(followers)
    expect(started).toBe(1)
    expect(answers.map(({ value }) => value)).toEqual(Array(5).fill('second'))
    expect(flights.size).toBe(0)
  })

  test('who waited for three failures of others waits for no more of them', async () => {
    const flights = new SingleFlight<string>()
    const works: ReturnType<typeof deferred<string>>[] = []
    const calls = Array.from({ length: 10 }, () =>
      flights.run('k', () => {
        const work = deferred<string>()
        works.push(work)
        return work.promise
      }),
    )
    const settled = Promise.allSettled(calls)
    for (const failures of [1, 2, 3]) {
      await eventLoopTurn()
      expect(works).toHaveLength(failures)
      works.at(-1)?.reject(new Error('slow and failing'))
    }
    await eventLoopTurn()
    expect(works).toHaveLength(10)
    for (const work of works) work.resolve('at last')
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    expect(flights.size).toBe(0)
  })

  test('keys do not wait for one another', async () => {
    const flights = new SingleFlight<string>()
    const slow = deferred<string>()
    const waiting = flights.run('slow', () => slow.promise)
    expect(await flights.run('quick', () => Promise.resolve('done'))).toEqual({
      value: 'done',
      joined: false,
    })
    slow.resolve('late')
    expect((await waiting).value).toBe('late')
  })
})
