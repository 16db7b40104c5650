// generated from pipelines/fleet.yaml by `npx sluice types`; do not edit
import type { Alert } from './commands/alert.ts'
import type { Notification } from './commands/notification.ts'
import type { QueryRequest } from './commands/query-request.ts'
import type { ScoreRequest } from './commands/score-request.ts'
import type { TrainingJob } from './commands/training-job.ts'
import type { AuditEntry } from './events/audit-entry.ts'
import type { FeatureUpdate } from './events/feature-update.ts'
import type { MlEvent } from './events/ml-event.ts'
import type { ModelLife } from './events/model-life.ts'
import type { ModelMetrics } from './events/model-metrics.ts'
import type { PredictionResult } from './events/prediction-result.ts'
import type { TableChange } from './events/table-change.ts'
import type { Features } from './values/features.ts'
import type { ModelStage } from './values/model-stage.ts'
import type { Prediction } from './values/prediction.ts'
import type { QueryResult } from './values/query-result.ts'
import type { Session } from './values/session.ts'

/** What travels in this fleet, for clients: `openFleet<Fleet>()`. */
export interface Fleet {
  /** Events on topics. */
  topics: {
    audit_log: AuditEntry
    feature_updates: FeatureUpdate
    ml_events: MlEvent
    model_life: ModelLife
    model_metrics: ModelMetrics
    prediction_results: PredictionResult
    table_changes: TableChange
  }
  /** To queues and exchanges. */
  commands: {
    alerts: Alert
    "alerts.page": Alert
    "alerts.review": Alert
    alerts_by_severity: Alert
    notifications: Notification
    "notifications.chat": Notification
    "notifications.mail": Notification
    training_jobs: TrainingJob
  }
  /** Over queues that are answered. */
  requests: {
    query_requests: { question: QueryRequest; answer: QueryResult }
    score_requests: { question: ScoreRequest; answer: Prediction }
  }
  /** Queues of jobs. */
  jobs: {
    trainings: TrainingJob
  }
  /** The values of stores. */
  stores: {
    features: Features
    models: ModelStage
    sessions: Session
  }
  /** The values of caches. */
  caches: {
    predictions: Prediction
    query_results: QueryResult
  }
}
