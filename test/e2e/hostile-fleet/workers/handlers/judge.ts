// Fails with the very words of the message, where it has some.
import type { Handler } from '../../../../../workers/core/handler.ts'

const judge: Handler<{ readonly says?: string }, { judged: true }> = ({ says }) => {
  if (says !== undefined) throw new Error(says)
  return { judged: true }
}

export default judge
