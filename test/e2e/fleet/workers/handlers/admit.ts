// Refuses for good what the event tells it to.
import { permanent, type Handler } from '../../../../../workers/core/handler.ts'

const admit: Handler<{ readonly fault?: string }, { admitted: true }> = ({ fault }) => {
  if (fault === 'permanent') throw permanent('told to fail for good')
  return { admitted: true }
}

export default admit
