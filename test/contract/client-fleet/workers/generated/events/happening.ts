// generated from schemas/events/happening.json by `npx sluice types`; do not edit

export type Happening = {
  id: string
  kind: string
  text: string
}
