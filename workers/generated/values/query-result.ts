// generated from schemas/values/query-result.json by `npx sluice types`; do not edit

/** What the warehouse answered, as it is cached. */
export type QueryResult = {
  table: string
  rows: ({
    value: string
    count: number
  })[]
}
