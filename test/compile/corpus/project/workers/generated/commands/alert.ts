// generated from schemas/commands/alert.json by `npx sluice types`; do not edit

/** Somebody should look at this. */
export type Alert = {
  /** The event that caused it. */
  event_id: string
  severity: 'low' | 'medium' | 'high' | 'critical'
  model_id: string
  score: number
  message: string
}
