// Scores by arithmetic, and fails as the event tells it to.
import { permanent, type Handler } from '../../../../../workers/core/handler.ts'

interface Request {
  readonly features: { readonly user_id: number; readonly product_id: number }
  readonly fault?: 'transient' | 'permanent'
}

const score: Handler<Request, { score: number }> = ({ features, fault }, { message }) => {
  if (fault === 'permanent') throw permanent('told to fail for good')
  if (fault === 'transient' && message.attempt < 3) throw new Error('told to fail for now')
  return { score: ((features.user_id * 31 + features.product_id * 17) % 100) / 100 }
}

export default score
