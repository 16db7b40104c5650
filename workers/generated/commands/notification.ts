// generated from schemas/commands/notification.json by `npx sluice types`; do not edit

/** Somebody waits for this. */
export type Notification = {
  notification_id: string
  subject: string
  text: string
}
