// generated from schemas/values/customer.json by `npx sluice types`; do not edit

/** Who pays. */
export type Customer = {
  customer_id: string
  name: string
  tier: 'standard' | 'gold' | 'platinum'
  since: string
  vat_id?: string
  credit: number
}
