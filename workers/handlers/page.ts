// Wakes somebody up: here a line in the log; put the call of your pager in its place, and give it the id, so that it can tell repeats.
import type { Page } from '../generated/handlers/page.ts'

const page: Page<void> = (alert, { log, message }) => {
  log.warn({ id: message.id, severity: alert.severity, model: alert.model_id }, alert.message)
}

export default page
