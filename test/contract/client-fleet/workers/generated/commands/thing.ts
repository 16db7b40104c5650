// generated from schemas/commands/thing.json by `npx sluice types`; do not edit

export type Thing = {
  text: string
}
