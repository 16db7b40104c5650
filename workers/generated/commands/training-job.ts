// generated from schemas/commands/training-job.json by `npx sluice types`; do not edit

/** Train a model. */
export type TrainingJob = {
  /** The same for a repeat: it is one job. */
  job_id: string
  model_id: string
  version: number
  model_type: 'classification' | 'regression'
  dataset: string
  /** As the kind of model takes them. */
  hyperparameters: {
    [name: string]: number
  }
}
