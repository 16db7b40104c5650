// Who is told when something becomes unwell: where it goes, what it says, and when.
import { FLEET, seeded } from '../corpus.ts'

const STATE = 'state: { in: hot }\n'
const BODY = `    { event_id: alert.id, severity: 'high', model_id: alert.subject, score: 1, message: alert.message }\n`
const told = (fields: string, body = BODY) => `${STATE}alerting:\n${fields}  body: |\n${body}`

export const alerting = seeded('alerting', {
  [FLEET]: [
    {
      what: 'alerts to a queue that is not there',
      from: STATE,
      to: told('  to: alarms\n'),
      line: 'to: alarms',
      hint: 'alerts',
    },
    {
      what: 'alerts to a topic',
      from: STATE,
      to: told('  to: metrics\n'),
      line: 'to: metrics',
      hint: /topic/,
    },
    {
      what: 'alerts to the dead letters',
      from: STATE,
      to: told('  to: failed\n'),
      line: 'to: failed',
      hint: /another queue/,
    },
    {
      what: 'a key where nobody looks at it',
      from: STATE,
      to: told('  to: alerts\n  key: alert.severity\n'),
      line: 'key: alert.severity',
      hint: 'remove the key',
    },
    {
      what: 'an exchange that routes by a key, and none',
      from: STATE,
      to: told('  to: notifications\n'),
      line: 'alerting:',
      hint: /add key/,
    },
    {
      what: 'a misspelt field of the alert',
      from: STATE,
      to: told('  to: alerts\n', BODY.replace('alert.subject', 'alert.subjet')),
      line: 'alert.subjet',
      hint: 'subject',
    },
    {
      what: 'the event of a pipeline',
      from: STATE,
      to: told('  to: alerts\n', BODY.replace('alert.id', 'event.id')),
      line: 'event.id',
      hint: 'alert',
    },
    {
      what: 'a severity that the command does not have',
      from: STATE,
      to: told('  to: alerts\n', BODY.replace("'high'", 'alert.severity')),
      line: 'alert.severity',
      hint: /severity|warning|high/,
    },
    {
      what: 'a field that the command needs',
      from: STATE,
      to: told('  to: alerts\n', BODY.replace(' score: 1,', '')),
      line: '{ event_id',
      hint: 'score',
    },
    {
      what: 'a field that the command does not have',
      from: STATE,
      to: told('  to: alerts\n', BODY.replace('score: 1,', 'score: 1, next: alert.next,')),
      line: 'next: alert.next',
      hint: /model_id|message/,
    },
    {
      what: 'a score beyond what its schema takes',
      from: STATE,
      to: told('  to: alerts\n', BODY.replace('score: 1,', 'score: 100,')),
      line: 'score: 100',
      hint: /commands\/alert/,
    },
    {
      what: 'looks that are rarer than what they look for lasts',
      from: STATE,
      to: told('  to: alerts\n  every: 5m\n  for: 1m\n'),
      line: 'every: 5m',
      hint: /every.*for/s,
    },
    {
      what: 'told again before it was believed',
      from: STATE,
      to: told('  to: alerts\n  for: 2h\n  repeat: 1h\n'),
      line: 'repeat: 1h',
      hint: /repeat.*longer.*for/s,
    },
    {
      what: 'a field of alerting by another name',
      from: STATE,
      to: told('  to: alerts\n  interval: 10s\n'),
      line: 'interval: 10s',
      hint: /every|alerting/,
    },
  ],
})
