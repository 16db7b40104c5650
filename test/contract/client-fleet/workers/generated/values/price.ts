// generated from schemas/values/price.json by `npx sluice types`; do not edit

export type Price = {
  amount: number
}
