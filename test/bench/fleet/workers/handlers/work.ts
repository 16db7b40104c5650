// Takes as long as it is told: a call to a service that is slow and does not mind how many ask.
import type { HandlerContext } from '../../../../../workers/core/handler.ts'

export default async function work(
  { takes_ms }: { takes_ms: number },
  ctx: HandlerContext,
): Promise<boolean> {
  await ctx.clock.sleep(takes_ms, ctx.signal)
  return true
}
