// Suppresses a message whose key was seen within the window; the key counts as seen once the message that brought it is done.
import { hash } from 'node:crypto'
import { SluiceError } from '../core/errors.ts'
import type { DedupeStepPlan } from '../core/plan.ts'
import { keyText } from './cache-key.ts'
import { evaluate, type ClaimContext } from './context.ts'

/** Ends the steps of a message whose key was seen. */
export type Dedupe = (ctx: ClaimContext, key: () => unknown) => Promise<void>

export const createDedupe =
  ({ id, key: plan, windowMs }: DedupeStepPlan): Dedupe =>
  async (ctx, key) => {
    const text = evaluate(plan, () => keyText(key())) as string | undefined
    if (text === undefined) throw new SluiceError('SLU5111', { at: plan.at })
    ctx.assertLive()
    await ctx.claim(`dedupe:${id}:${hash('sha256', text, 'base64url')}`, windowMs)
  }
