// generated from schemas/events/audit-entry.json by `npx sluice types`; do not edit

/** One line of the audit log. */
export type AuditEntry = {
  entry_id: string
  at: string
  what: string
  subject: string
  source: string
}
