// generated from schemas/events/note.json by `npx sluice types`; do not edit

export type Note = {
  from: string
  id: string
  type: string
  source: string
  text: string
}
