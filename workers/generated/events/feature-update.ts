// generated from schemas/events/feature-update.json by `npx sluice types`; do not edit

/** New values of what is known about an entity. */
export type FeatureUpdate = {
  event_id: string
  /** `user:7`, `product:3`. */
  entity: string
  version: number
  timestamp: string
  values: {
    [name: string]: number
  }
}
