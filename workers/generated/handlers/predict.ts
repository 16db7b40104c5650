// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../core/handler.ts'
import type { ScoreRequest } from '../commands/score-request.ts'
import type { PredictionRequest } from '../events/ml-event.ts'
import type { Prediction } from '../values/prediction.ts'

/**
 * What it is given:
 * - pipelines/predictions.yaml, step "prediction"
 * - pipelines/scores.yaml, step "prediction"
 */
export type PredictInput = PredictionRequest | ScoreRequest

/** What it returns; caches hold it. */
export type PredictOutput = Prediction

/** The function in workers/handlers/predict.ts. */
export type Predict = Handler<PredictInput, PredictOutput>
