// generated from schemas/events/model-life.json by `npx sluice types`; do not edit

/** What happens to one model, in the order of its versions. */
export type ModelLife = ModelRegistered | ModelTrainingRequested | ModelTrained | ModelEvaluated | ModelDeployed | ModelDrifted | ModelRetired

/** Somebody made it known. */
export type ModelRegistered = {
  event_id: string
  event_type: 'model_registered'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  owner: string
}

/** A training was asked for. */
export type ModelTrainingRequested = {
  event_id: string
  event_type: 'model_training_requested'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  dataset: string
}

/** A training ended well. */
export type ModelTrained = {
  event_id: string
  event_type: 'model_trained'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  accuracy: number
}

/** It was compared with what is in use. */
export type ModelEvaluated = {
  event_id: string
  event_type: 'model_evaluated'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  accuracy: number
  passed: boolean
}

/** It answers requests. */
export type ModelDeployed = {
  event_id: string
  event_type: 'model_deployed'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  endpoint: string
}

/** What it is asked differs from what it was trained on. */
export type ModelDrifted = {
  event_id: string
  event_type: 'model_drifted'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  drift: number
}

/** It answers no more. */
export type ModelRetired = {
  event_id: string
  event_type: 'model_retired'
  model_id: string
  /** Grows with each event of the model. */
  version: number
  timestamp: string
  reason: string
}
