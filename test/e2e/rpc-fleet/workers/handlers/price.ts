// A price for every sku, after a while; some are refused for good.
import { permanent, type HandlerContext } from '../../../../../workers/core/handler.ts'

export default async function price(
  { sku }: { sku: string },
  ctx: HandlerContext,
): Promise<{ amount: number }> {
  if (sku.startsWith('unknown')) throw permanent(`no such sku: ${sku}`)
  await ctx.clock.sleep(5, ctx.signal)
  return { amount: sku.length }
}
