// Scores by arithmetic, so that a test can say what must come out.
import type { Handler } from '../../../../../workers/core/handler.ts'

interface Request {
  readonly features: { readonly user_id: number; readonly product_id: number }
}

const score: Handler<Request, { score: number }> = ({ features }) => ({
  score: ((features.user_id * 31 + features.product_id * 17) % 100) / 100,
})

export default score
