// generated from schemas/events/model-metrics.json by `npx sluice types`; do not edit

/** What a model answered within one window. Rows of the same model and start add up: what came after a window was closed makes another row. */
export type ModelMetrics = {
  /** Unique to the row, the same when it is sent again. */
  window_id: string
  model_id: string
  start: string
  /** Not a part of the window any more. */
  end: string
  predictions: number
  score: {
    sum: number
    min: number
    max: number
    avg: number
  }
}
