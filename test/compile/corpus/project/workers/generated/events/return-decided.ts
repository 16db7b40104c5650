// generated from schemas/events/return-decided.json by `npx sluice types`; do not edit

/** What becomes of a return. */
export type ReturnDecided = {
  return_id: string
  order_id: string
  decision: 'accepted' | 'rejected' | 'manual'
  score: number
  pieces: number
  resolution: 'refund' | 'exchange'
  decided_by?: string
}
