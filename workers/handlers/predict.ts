// Scores how likely a user is to buy a product: a logistic regression over hashed features, the same for the same input.
import { permanent } from '../core/handler.ts'
import type { Predict } from '../generated/handlers/predict.ts'
import v0 from './models/sales_model_v0.json' with { type: 'json' }
import v1 from './models/sales_model_v1.json' with { type: 'json' }
import v2 from './models/sales_model_v2.json' with { type: 'json' }

interface Model {
  readonly bias: number
  readonly user: readonly number[]
  readonly product: readonly number[]
  readonly pair: readonly number[]
}

const MODELS = new Map<string, Model>(
  Object.entries({ sales_model_v0: v0, sales_model_v1: v1, sales_model_v2: v2 }),
)

const predict: Predict = ({ model_id, features }) => {
  const model = MODELS.get(model_id)
  if (model === undefined) throw permanent(`unknown model ${model_id}`)
  const { user_id, product_id } = features
  const logit =
    model.bias +
    dot(model.user, (i) => trait(user_id, 0, i)) +
    dot(model.product, (i) => trait(product_id, 1, i)) +
    dot(model.pair, (i) => trait(user_id, 0, i) * trait(product_id, 1, i))
  return { model_id, score: round(1 / (1 + Math.exp(-logit))) }
}

export default predict

function dot(weights: readonly number[], feature: (index: number) => number): number {
  return weights.reduce((sum, weight, index) => sum + weight * feature(index), 0)
}

/** A stable pseudo-random trait of an id in [-1, 1): stands in for what a feature store would hold. */
function trait(id: number, kind: number, index: number): number {
  let h = Math.imul(id ^ (kind * 0x9e3779b9) ^ (index * 0x85ebca6b), 0x27d4eb2d)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 31 - 1
}

const round = (value: number) => Math.round(value * 1e6) / 1e6
