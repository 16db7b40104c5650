// generated from schemas/commands/refund.json by `npx sluice types`; do not edit

/** Pay money back. */
export type RefundOrder = {
  return_id: string
  order_id: string
  amount: number
  currency: 'EUR' | 'USD' | 'GBP'
  method: 'original' | 'voucher'
  reason: 'damaged' | 'wrong_item' | 'unwanted'
  comment: string | null
}
