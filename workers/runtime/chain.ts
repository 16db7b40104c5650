// Which messages wait for one another: those of one chain run one after another, in the order of the source.
import type { PlacedMessage } from '../core/message.ts'
import type { PipelinePlan } from '../core/plan.ts'

/** Messages without a key do not wait for one another. */
export function chainOf(order: PipelinePlan['order'], message: PlacedMessage): string | undefined {
  if (order === 'none') return undefined
  if (order === 'partition') return ''
  const { key } = message
  return key === null
    ? undefined
    : Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
}
