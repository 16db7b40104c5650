// generated from schemas/events/order.json by `npx sluice types`; do not edit

/** What happens to an order, from the basket to the bank. */
export type OrderEvent = OrderPlaced | OrderPaid | OrderCancelled

export type OrderPlaced = {
  event_id: string
  event_type: 'order_placed'
  order_id: string
  occurred_at: string
  customer: {
    id: string
    country: string
    email: string | null
    company?: {
      name: string
      vat_id: string
    }
  }
  currency: 'EUR' | 'USD' | 'GBP'
  lines: OrderLine[]
  shipping: {
    method: 'post' | 'courier' | 'pickup'
    express: boolean
    address?: {
      street: string
      zip: string
      city: string
    }
  }
  note?: string
  coupon: string | null
  tags?: {
    [name: string]: string
  }
}

export type OrderPaid = {
  event_id: string
  event_type: 'order_paid'
  order_id: string
  occurred_at: string
  amount: number
  method: 'card' | 'transfer' | 'voucher'
}

export type OrderCancelled = {
  event_id: string
  event_type: 'order_cancelled'
  order_id: string
  occurred_at: string
  reason: 'customer' | 'stock' | 'fraud'
  refund: {
    amount: number
    currency: 'EUR' | 'USD' | 'GBP'
  } | null
}

export type OrderLine = {
  sku: string
  quantity: number
  unit_price: number
  discount?: number
}
