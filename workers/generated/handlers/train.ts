// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../core/handler.ts'
import type { TrainingJob } from '../commands/training-job.ts'

/**
 * What it is given:
 * - pipelines/training.yaml, step "model"
 */
export type TrainInput = TrainingJob

/** The function in workers/handlers/train.ts. */
export type Train<Output> = Handler<TrainInput, Output>
