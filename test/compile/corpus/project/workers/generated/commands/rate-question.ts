// generated from schemas/commands/rate-question.json by `npx sluice types`; do not edit

/** What one unit of a currency is worth in another. */
export type RateQuestion = {
  from: 'EUR' | 'USD' | 'GBP'
  to: 'EUR' | 'USD' | 'GBP'
}
