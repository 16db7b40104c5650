// The identity of an effect: whatever leaves for one message, from one step, has the same id each time.
import { hash } from 'node:crypto'
import type { StepContext } from './context.ts'

/** The same for every repeat of the same effect, so that consumers can tell repeats. */
export const effectId = ({ envelope, item }: StepContext, pipeline: string, step: string): string =>
  boundedId(`${envelope.id}/${pipeline}/${step}${item === undefined ? '' : `/${item}`}`)

/** AMQP holds at most 255 bytes. */
export function boundedId(id: string): string {
  return id.length <= 200 && Buffer.byteLength(id) <= 255 ? id : hash('sha256', id, 'base64url')
}
