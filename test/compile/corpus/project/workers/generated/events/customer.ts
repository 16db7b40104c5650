// generated from schemas/events/customer.json by `npx sluice types`; do not edit

/** The profile of a customer after a change. */
export type CustomerChanged = {
  customer_id: string
  change: 'created' | 'updated' | 'merged' | 'imported'
  name: string
  email: string | null
  phone?: string
  language: 'en' | 'de' | 'fr'
  consents: {
    email: boolean
    sms: boolean
  }
  addresses: ({
    primary: boolean
    country: string
    city: string
  })[]
}
