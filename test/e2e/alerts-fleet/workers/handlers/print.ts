// Does nothing, and always well.
import type { Handler } from '../../../../../workers/core/handler.ts'

const print: Handler<{ readonly order_id: string }, undefined> = () => undefined

export default print
