// Sends a mail: here a line in the log; put the call of your mail server in its place, with the id as Message-ID.
import type { Mail } from '../generated/handlers/mail.ts'

const mail: Mail<void> = (notification, { log, message }) => {
  log.info({ id: message.id, subject: notification.subject }, 'A mail is sent.')
}

export default mail
