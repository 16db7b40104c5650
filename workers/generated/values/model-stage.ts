// generated from schemas/values/model-stage.json by `npx sluice types`; do not edit

/** Where a model is in its life. */
export type ModelStage = {
  model_id: string
  stage: string
  version: number
  since: string
}
