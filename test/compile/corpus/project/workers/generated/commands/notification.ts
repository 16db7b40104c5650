// generated from schemas/commands/notification.json by `npx sluice types`; do not edit

/** Tell a customer something. */
export type Notification = {
  customer_id: string
  channel: 'email' | 'sms' | 'push'
  address: string
  subject?: string
  text: string
  urgent: boolean
}
