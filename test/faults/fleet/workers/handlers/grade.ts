// What a cache remembers: by arithmetic, so that a test can say what must come out.
import type { Handler } from '../../../../../workers/core/handler.ts'

const grade: Handler<{ readonly place: number }, { grade: number }> = ({ place }) => ({
  grade: place % 10,
})

export default grade
