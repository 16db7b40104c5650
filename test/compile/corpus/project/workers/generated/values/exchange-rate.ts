// generated from schemas/values/exchange-rate.json by `npx sluice types`; do not edit

/** What one unit of a currency is worth in another. */
export type ExchangeRate = {
  from: 'EUR' | 'USD' | 'GBP'
  to: 'EUR' | 'USD' | 'GBP'
  rate: number
  as_of: string
}
