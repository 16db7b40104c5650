// generated from schemas/values/session.json by `npx sluice types`; do not edit

/** Somebody who is logged in; it ends half an hour after it was used last. */
export type Session = {
  user_id: number
  started_at: string
  /** What they look at. */
  model_id?: string
}
