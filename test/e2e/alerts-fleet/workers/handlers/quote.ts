// A price by the name of the article, so that a test knows it.
import type { Handler } from '../../../../../workers/core/handler.ts'

const quote: Handler<{ readonly article: string }, { total: number }> = ({ article }) => ({
  total: article.length,
})

export default quote
