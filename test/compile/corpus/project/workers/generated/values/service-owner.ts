// generated from schemas/values/service-owner.json by `npx sluice types`; do not edit

/** The team behind a service. */
export type ServiceOwner = {
  team: string
  pager: boolean
  contacts: ({
    name: string
    phone?: string
  })[]
}
