// generated from schemas/events/metric.json by `npx sluice types`; do not edit

/** One measurement, of one of three kinds. */
export type Metric = Counter | Gauge | Histogram

export type Counter = {
  kind: 'counter'
  name: string
  service: string
  at: string
  count: number
  labels?: {
    [name: string]: string
  }
}

export type Gauge = {
  kind: 'gauge'
  name: string
  service: string
  at: string
  value: number
  unit?: string
  labels?: {
    [name: string]: string
  }
}

export type Histogram = {
  kind: 'histogram'
  name: string
  service: string
  at: string
  buckets: number[]
  sum: number
  count: number
  labels?: {
    [name: string]: string
  }
}
