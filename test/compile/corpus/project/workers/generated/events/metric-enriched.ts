// generated from schemas/events/metric-enriched.json by `npx sluice types`; do not edit

/** A measurement and whose it is. */
export type EnrichedMetric = {
  name: string
  service: string
  team: string
  kind: 'counter' | 'gauge' | 'histogram'
  value: number
  samples: number
  unit: string | null
  labels?: {
    [name: string]: string
  }
  at: string
}
