// generated from pipelines/fleet.yaml by `npx sluice types`; do not edit
import type { Alert } from './commands/alert.ts'
import type { MlEvent } from './events/ml-event.ts'
import type { PredictionResult } from './events/prediction-result.ts'
import type { Prediction } from './values/prediction.ts'

/** What travels in this fleet, for clients: `openFleet<Fleet>()`. */
export interface Fleet {
  /** Events on topics. */
  topics: {
    ml_events: MlEvent
    prediction_results: PredictionResult
  }
  /** To queues and exchanges. */
  commands: {
    alerts: Alert
  }
  /** Over queues that are answered. */
  requests: {}
  /** Queues of jobs. */
  jobs: {}
  /** The values of caches. */
  caches: {
    predictions: Prediction
  }
}
