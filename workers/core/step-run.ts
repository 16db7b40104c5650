// What a compiled pipeline calls: one method a step kind. Expressions arrive as functions, evaluated when and only when they are needed.

/** `step` is the step's place in the plan. A step that is done already gives its value again without doing anything. */
export interface StepRun {
  /** Of which item of which split it is; undefined outside of splits. */
  readonly item: string | undefined
  test(step: number, when: () => unknown): boolean
  call(step: number, input: () => unknown): Promise<unknown>
  cache(
    step: number,
    key: () => unknown,
    input: () => unknown,
    tags?: () => unknown,
  ): Promise<unknown>
  forget(step: number, tag: () => unknown): Promise<void>
  map(step: number, value: () => unknown): unknown
  command(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void>
  request(step: number, body: () => unknown): Promise<unknown>
  event(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void>
  job(step: number, id: (() => unknown) | undefined, body: () => unknown): Promise<void>
  /** Ends the steps when the key was seen. */
  dedupe(step: number, key: () => unknown): Promise<void>
  store(
    step: number,
    key: () => unknown,
    value: () => unknown,
    version?: () => unknown,
  ): Promise<void>
  /** The windows that the message closes. */
  window(
    step: number,
    group: () => unknown,
    time: () => unknown,
    measures: readonly (() => unknown)[],
  ): Promise<unknown>
  /** The place of the first branch whose condition holds; the number of branches if none does. */
  route(step: number, branches: readonly (() => unknown)[]): number
  /** Calls `each` for one item after another, with a run for that item alone; passes over those that are done. */
  split(
    step: number,
    over: () => unknown,
    id: ((item: unknown) => unknown) | undefined,
    each: (item: unknown, run: StepRun) => Promise<void>,
  ): Promise<void>
  /** After the last step: the answer to whoever asked. */
  reply(body: () => unknown): Promise<void>
}
