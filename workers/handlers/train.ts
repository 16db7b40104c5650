// Trains a small model on made-up data of the dataset's name, the same for the same job; says how far it is and stops when it is told to.
import { permanent } from '../core/handler.ts'
import type { Train } from '../generated/handlers/train.ts'

const ROWS = 200
const TRAITS = 4
const EPOCHS = { default: 20, most: 500 }

const train: Train<{ accuracy: number }> = async (job, { clock, log, progress, signal }) => {
  const epochs = job.hyperparameters['epochs'] ?? EPOCHS.default
  if (!Number.isInteger(epochs) || epochs < 1 || epochs > EPOCHS.most)
    throw permanent(`epochs are a whole number from 1 to ${EPOCHS.most}`)
  const rate = job.hyperparameters['learning_rate'] ?? 0.1
  const rows = dataOf(job.dataset)
  const weights = Array.from({ length: TRAITS }, () => 0)
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const { traits, label } of rows) {
      const error = label - answer(weights, traits)
      traits.forEach(
        (trait, index) => (weights[index] = (weights[index] ?? 0) + rate * error * trait),
      )
    }
    progress(Math.round((100 * epoch) / epochs))
    // A turn for others: the process does more than this.
    await clock.sleep(1, signal)
    signal.throwIfAborted()
  }
  const right = rows.filter(({ traits, label }) => Math.round(answer(weights, traits)) === label)
  const accuracy = right.length / ROWS
  log.debug({ model: job.model_id, accuracy }, 'A model is trained.')
  return { accuracy }
}

export default train

function answer(weights: readonly number[], traits: readonly number[]): number {
  return (
    1 /
    (1 + Math.exp(-traits.reduce((sum, trait, index) => sum + trait * (weights[index] ?? 0), 0)))
  )
}

/** Numbers that look random and follow from the name alone. */
function dataOf(dataset: string): { readonly traits: readonly number[]; readonly label: number }[] {
  let state = Buffer.from(dataset).reduce(
    (hash, byte) => Math.imul(hash ^ byte, 0x01000193),
    0x811c9dc5,
  )
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  return Array.from({ length: ROWS }, () => {
    const traits = Array.from({ length: TRAITS }, next)
    const noise = next() * 0.3
    return { traits, label: (traits[0] ?? 0) - (traits[1] ?? 0) + noise > 0 ? 1 : 0 }
  })
}
