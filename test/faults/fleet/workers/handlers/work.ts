// The work of a line: takes as long as the item says, and misbehaves the way it is told to.
import { existsSync, writeFileSync } from 'node:fs'
import { permanent, type Handler } from '../../../../../workers/core/handler.ts'
import { pass } from '../../../failpoints/point.ts'

/** While it is there, whatever the handler calls fails. */
const DOWN = new URL('../../down', import.meta.url)
const BLOCKED = new URL('../../blocked', import.meta.url)

interface Item {
  readonly ms: number
  readonly act?: string
}

const acts: Record<string, (ms: number) => Promise<void> | void> = {
  permanent() {
    throw permanent('told to fail for good')
  },
  hang: () => new Promise(() => {}),
  /** The first time, as a long pause for garbage would: whoever takes the item over does not. */
  block(ms) {
    if (existsSync(BLOCKED)) return
    writeFileSync(BLOCKED, '')
    const end = performance.now() + ms
    while (performance.now() < end);
  },
  reject: () => void Promise.reject(new Error('told to reject and not to wait')),
  throw: () =>
    void setTimeout(() => {
      throw new Error('told to throw where nobody catches')
    }),
  heap() {
    const all: unknown[] = []
    for (;;) all.push(Array.from({ length: 100_000 }, () => ({})))
  },
  abort: () => process.abort(),
}

const work: Handler<Item, { done: true }> = async ({ ms, act }, { clock, signal }) => {
  pass('before-handler')
  if (existsSync(DOWN)) throw new Error('what it calls is down')
  await acts[act ?? '']?.(ms)
  if (act !== 'block') await clock.sleep(ms, signal)
  pass('after-handler')
  return { done: true }
}

export default work
