// generated from schemas/events/table-change.json by `npx sluice types`; do not edit

/** A table of the warehouse was loaded anew, or has new rows. */
export type TableChange = {
  event_id: string
  table: string
  timestamp: string
}
