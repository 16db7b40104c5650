// How likely it is that a return is no honest one.
import type { AssessReturn } from '../generated/handlers/assess-return.ts'

interface Risk {
  readonly score: number
  readonly reasons: readonly string[]
}

const assessReturn: AssessReturn<Risk> = ({ items, photos, since }) => {
  const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0)
  const reasons = [
    ...(photos === 0 ? ['no photos'] : []),
    ...(pieces > 20 ? [`${pieces} pieces`] : []),
    ...(since.startsWith('2026') ? ['new customer'] : []),
  ]
  return { score: Math.min(1, reasons.length / 3), reasons }
}

export default assessReturn
