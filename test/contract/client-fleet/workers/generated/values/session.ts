// generated from schemas/values/session.json by `npx sluice types`; do not edit

export type Session = {
  user: string
  visits: number
  note?: string
}
