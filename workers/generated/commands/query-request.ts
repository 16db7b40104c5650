// generated from schemas/commands/query-request.json by `npx sluice types`; do not edit

/** How many rows of a table there are, by one of its columns. */
export type QueryRequest = {
  table: string
  group_by: string
}
