// generated from schemas/commands/audit-entry.json by `npx sluice types`; do not edit

/** Something that somebody may have to explain later. */
export type AuditEntry = {
  subject: string
  action: string
  level: 'info' | 'warning' | 'critical'
  at: string | null
  detail?: string
}
