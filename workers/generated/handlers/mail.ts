// generated from pipelines/ by `npx sluice types`; do not edit
import type { Handler } from '../../core/handler.ts'
import type { Notification } from '../commands/notification.ts'

/**
 * What it is given:
 * - pipelines/mailing.yaml, step "mail"
 */
export type MailInput = Notification

/** The function in workers/handlers/mail.ts. */
export type Mail<Output> = Handler<MailInput, Output>
