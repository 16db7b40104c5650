// generated from schemas/values/skus.json by `npx sluice types`; do not edit

/** What goes together. */
export type Skus = string[]
