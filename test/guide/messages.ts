// Messages of the platform, each another one.
import { randomUUID } from 'node:crypto'
import type { Fleet } from '../../workers/generated/fleet.ts'

type Commands = Fleet['commands']
type Topics = Fleet['topics']

export const AT = '2026-01-01T00:00:00Z'

let made = 0

/** Of features that nobody has asked about. */
export const predictionRequest = () => ({
  event_id: randomUUID(),
  event_type: 'prediction_request' as const,
  timestamp: AT,
  model_id: 'sales_model_v1',
  features: { user_id: 1_000 + made++, product_id: 7 },
})

export const alert = (severity: Commands['alerts']['severity']): Commands['alerts'] => ({
  event_id: randomUUID(),
  severity,
  model_id: `guide-model-${made++}`,
  score: 0.95,
  message: `guide ${randomUUID()}`,
})

export const lifeEvent = (event_type: 'model_deployed' | 'model_retired'): Topics['model_life'] => {
  const base = {
    event_id: randomUUID(),
    model_id: `guide-model-${made++}`,
    version: 1,
    timestamp: AT,
  }
  return event_type === 'model_deployed'
    ? { ...base, event_type, endpoint: '/models/guide' }
    : { ...base, event_type, reason: 'a better one is there' }
}

export const trainingJob = (): Commands['training_jobs'] => ({
  job_id: randomUUID(),
  model_id: `guide-model-${made++}`,
  version: 1,
  model_type: 'classification',
  dataset: 'customer_data',
  hyperparameters: { n_estimators: 100 },
})
