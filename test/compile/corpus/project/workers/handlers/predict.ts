// Scores how likely a user is to buy a product, by arithmetic on their ids.
import type { Predict } from '../generated/handlers/predict.ts'

const predict: Predict = ({ model_id, features }) => ({
  model_id,
  score: ((features.user_id * 31 + features.product_id * 17) % 100) / 100,
})

export default predict
