// Says once a run which seed the property tests draw from; `FUZZ_SEED=random` is settled here, so that all of them draw from the same.
import { styleText } from 'node:util'

const DEFAULT_SEED = '20260101'

export default function setup(): void {
  const asked = process.env['FUZZ_SEED'] ?? DEFAULT_SEED
  const seed = asked === 'random' ? String(Math.floor(Math.random() * 2 ** 31)) : asked
  if (!/^-?\d+$/.test(seed)) throw new Error(`FUZZ_SEED is a whole number or "random": ${asked}`)
  process.env['FUZZ_SEED'] = seed
  const times = process.env['FUZZ_TIMES'] ?? '1'
  console.log(styleText('dim', `property tests: FUZZ_SEED=${seed} FUZZ_TIMES=${times}`))
}
