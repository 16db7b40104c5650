// generated from schemas/commands/score-request.json by `npx sluice types`; do not edit

/** What would this model say? */
export type ScoreRequest = {
  model_id: string
  features: {
    user_id: number
    product_id: number
  }
}
