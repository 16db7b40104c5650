// Fails twice when the event tells it to, then succeeds.
import type { Handler } from '../../../../../workers/core/handler.ts'

const settle: Handler<{ readonly fault?: string }, { settled: true }> = async (
  { fault },
  { message, clock, signal },
) => {
  await clock.sleep(0, signal)
  if (fault === 'transient' && message.attempt < 3) throw new Error('told to fail for now')
  return { settled: true }
}

export default settle
