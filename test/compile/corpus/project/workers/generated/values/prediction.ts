// generated from schemas/values/prediction.json by `npx sluice types`; do not edit

/** What a model says, as it is cached. */
export type Prediction = {
  model_id: string
  score: number
}
