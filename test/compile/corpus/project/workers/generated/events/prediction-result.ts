// generated from schemas/events/prediction-result.json by `npx sluice types`; do not edit

/** The answer to a prediction request. */
export type PredictionResult = {
  /** The request that it answers. */
  event_id: string
  model_id: string
  score: number
}
