// generated from schemas/events/invoice-issued.json by `npx sluice types`; do not edit

/** An invoice is on its way. */
export type InvoiceIssued = {
  order_id: string
  customer_id: string
  issued_at: string
  gross: number
  positions: number
  shipping?: 'post' | 'courier' | 'pickup'
}
