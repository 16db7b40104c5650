// Puts a change of a profile into words.
import type { RenderNotice } from '../generated/handlers/render-notice.ts'

interface Notice {
  readonly subject: string
  readonly body: string
  readonly urgent: boolean
}

const GREETINGS = { en: 'Dear', de: 'Guten Tag', fr: 'Bonjour' }

const renderNotice: RenderNotice<Notice> = ({ name, language, change }) => ({
  subject: `Your profile was ${change}`,
  body: `${GREETINGS[language]} ${name}: your profile was ${change}.`,
  urgent: change === 'merged',
})

export default renderNotice
