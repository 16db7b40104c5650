// What a compiled pipeline calls: one method a step kind. Expressions arrive as functions, evaluated when and only when they are needed.

/** `step` is the step's place in the plan. A step that is done already gives its value again without doing anything. */
export interface StepRun {
  test(step: number, when: () => unknown): boolean
  call(step: number, input: () => unknown): Promise<unknown>
  cache(step: number, key: () => unknown, input: () => unknown): Promise<unknown>
  map(step: number, value: () => unknown): unknown
  command(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void>
  event(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void>
  job(step: number, id: (() => unknown) | undefined, body: () => unknown): Promise<void>
  /** The place of the first branch whose condition holds; the number of branches if none does. */
  route(step: number, branches: readonly (() => unknown)[]): number
}
