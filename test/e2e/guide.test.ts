// Each row of the guide that the README says is implemented, on real brokers; `npm run guide` prints them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guide } from '../guide/exercises.ts'
import { openStage } from '../guide/stage.ts'

const exercises = guide().flatMap(({ exercise }) => (exercise === undefined ? [] : [exercise]))

let stage: Awaited<ReturnType<typeof openStage>>
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test.each(exercises.map((exercise) => [exercise.row, exercise] as const))(
  '%s',
  async (_row, exercise) => {
    expect(await exercise.does(stage)).toMatch(/\w/)
  },
)
