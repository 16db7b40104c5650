// The items of one split for one message: which there are, what each is called, and how many are done; runs nothing.
import { hash } from 'node:crypto'
import { SluiceError } from '../core/errors.ts'
import type { SplitStepPlan } from '../core/plan.ts'
import { evaluate } from '../steps/context.ts'
import type { MessageRun } from './message-run.ts'

export interface Items {
  /** Taken once: what a handler does to the list later changes nothing. */
  readonly list: readonly unknown[]
  readonly names: readonly string[]
  /** How many are done. */
  done: number
  /** Of the one at work, so that another attempt goes on within it. */
  run: MessageRun | undefined
}

/** How far a split has come, for whoever takes the message up elsewhere: `parts=3`, with what tells whether these are the same items. */
export function progressOf({ id, itemId }: SplitStepPlan, { names, done }: Items): string {
  return `${id}=${done}${itemId === undefined ? '' : `~${digest(names.slice(0, done + 1))}`}`
}

/** How many of these items were done elsewhere; undefined if nothing is known of them, or they are not the same up to the next one. */
export function doneElsewhere(
  plan: SplitStepPlan,
  { names }: Items,
  progress: readonly string[],
): number | undefined {
  const said = progress.find((one) => one.startsWith(`${plan.id}=`))?.slice(plan.id.length + 1)
  const [count = '', same] = said?.split('~') ?? []
  if (!/^\d{1,6}$/.test(count)) return undefined
  const done = Math.min(Number(count), names.length)
  const isSame = plan.itemId === undefined || same === digest(names.slice(0, done + 1))
  return isSame ? done : undefined
}

const digest = (names: readonly string[]): string =>
  hash('sha256', names.join('/'), 'hex').slice(0, 16)

export function itemsOf(
  plan: SplitStepPlan,
  over: () => unknown,
  id: ((item: unknown) => unknown) | undefined,
): Items {
  const found = evaluate(plan.over, over)
  if (!Array.isArray(found))
    throw new SluiceError('SLU5117', {
      message: `split ${plan.id} needs a list, and was given ${found === null ? 'null' : typeof found}`,
      at: plan.over.at,
    })
  if (found.length > plan.limit)
    throw new SluiceError('SLU5116', {
      message: `split ${plan.id} was given ${found.length} items, and its limit is ${plan.limit}`,
      at: plan.over.at,
    })
  const list: readonly unknown[] = [...(found as unknown[])]
  return { list, names: namesOf(plan, list, id), done: 0, run: undefined }
}

/** All before the first item is begun: whether they can be told apart does not depend on how far it comes. */
function namesOf(
  plan: SplitStepPlan,
  list: readonly unknown[],
  id: ((item: unknown) => unknown) | undefined,
): string[] {
  const expression = plan.itemId
  if (id === undefined || expression === undefined) return list.map((_item, index) => `${index}`)
  const taken = new Map<string, number>()
  return list.map((item, index) => {
    const name = textOf(evaluate(expression, () => id(item)))
    const other = name === undefined ? undefined : taken.get(name)
    if (name === undefined || other !== undefined)
      throw new SluiceError('SLU5118', {
        message:
          other === undefined
            ? `item ${index} of split ${plan.id} has an id that is neither a text nor a number`
            : `items ${other} and ${index} of split ${plan.id} have the same id`,
        at: expression.at,
      })
    taken.set(name, index)
    return name
  })
}

/** Without a slash, which stands between the parts of an identity. */
const textOf = (id: unknown): string | undefined =>
  (typeof id === 'string' && id !== '') || typeof id === 'number'
    ? encodeURIComponent(String(id).toWellFormed())
    : undefined
