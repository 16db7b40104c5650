// generated from schemas/events/ml-event.json by `npx sluice types`; do not edit

/** What happens to models: somebody asks for a prediction, or a training completes. */
export type MlEvent = PredictionRequest | ModelTrainingCompleted

export type PredictionRequest = {
  event_id: string
  event_type: 'prediction_request'
  model_id: string
  timestamp: string
  /** What the model is asked about. */
  features: {
    user_id: number
    product_id: number
  }
}

export type ModelTrainingCompleted = {
  event_id: string
  event_type: 'model_training_completed'
  model_id: string
  timestamp: string
  accuracy: number
}
