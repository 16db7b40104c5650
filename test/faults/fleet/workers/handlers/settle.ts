// Stands between two effects; fails twice when the item tells it to, then succeeds.
import type { Handler } from '../../../../../workers/core/handler.ts'

const settle: Handler<{ readonly act?: string }, { settled: true }> = async (
  { act },
  { message, clock, signal },
) => {
  await clock.sleep(0, signal)
  if (act === 'transient' && message.attempt < 3) throw new Error('told to fail for now')
  return { settled: true }
}

export default settle
