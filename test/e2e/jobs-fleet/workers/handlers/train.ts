// Takes as long as the job says, says how far it is, and fails when it is told to.
import { permanent, type Handler } from '../../../../../workers/core/handler.ts'

interface Training {
  readonly takes_ms: number
  readonly fault?: 'permanent' | 'transient'
}

const train: Handler<Training, { score: number }> = async (
  { takes_ms, fault },
  { clock, signal, message, progress },
) => {
  await clock.sleep(takes_ms / 2, signal)
  progress(50)
  await clock.sleep(takes_ms / 2, signal)
  if (fault === 'permanent') throw permanent('told to fail for good')
  if (fault === 'transient' && message.attempt < 3) throw new Error('told to fail for now')
  return { score: 0.5 }
}

export default train
