// generated from schemas/commands/invoice.json by `npx sluice types`; do not edit

/** Bill this order. */
export type Invoice = {
  order_id: string
  customer_id: string
  currency: 'EUR' | 'USD' | 'GBP'
  net: number
  gross: number
  rate: number
  terms: 'prepaid' | 'net_30' | 'net_60'
  lines: ({
    sku: string
    quantity: number
  })[]
  memo?: string
  coupon: string | null
  due?: string
}
