// generated from schemas/values/features.json by `npx sluice types`; do not edit

/** What is known about an entity; models read it. */
export type Features = {
  entity: string
  version: number
  values: {
    [name: string]: number
  }
  updated_at: string
}
