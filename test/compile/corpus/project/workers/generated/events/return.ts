// generated from schemas/events/return.json by `npx sluice types`; do not edit

/** Goods come back. */
export type ReturnRequested = {
  return_id: string
  order_id: string
  customer_id: string
  requested_at: string
  items: ReturnedItem[]
  resolution: Refund | Exchange
  comment: string | null
}

export type ReturnedItem = {
  sku: string
  quantity: number
  reason: 'damaged' | 'wrong_item' | 'unwanted'
  photo_urls?: string[]
}

export type Refund = {
  type: 'refund'
  amount: number
  currency: 'EUR' | 'USD' | 'GBP'
}

export type Exchange = {
  type: 'exchange'
  sku: string
  quantity: number
}
