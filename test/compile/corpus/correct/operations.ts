// What operators set, as it is right: thresholds, who is told, who may ask.
import { FLEET, variants } from '../corpus.ts'

export const operations = variants({
  [FLEET]: [
    {
      what: 'alerts to a queue, in the words of its schema',
      from: 'state: { in: hot }\n',
      to: "state: { in: hot }\nalerting:\n  to: alerts\n  for: 30s\n  body: |\n    { event_id: alert.id, severity: alert.status === 'resolved' ? 'low' : 'high', model_id: `${alert.component} ${alert.subject}`,\n      score: 0.5, message: alert.message }\n",
    },
    {
      what: 'thresholds of health',
      from: 'state: { in: hot }\n',
      to: 'state: { in: hot }\nhealth:\n  within: 5s\n  latency: { warn: 250ms, fail: 3s }\n  memory: { warn: 70, fail: 90 }\n  depth: { warn: 1000, fail: 100000 }\n  lag: { warn: 50000 }\n',
    },
    {
      what: 'a token for the operations API',
      from: 'state: { in: hot }\n',
      to: 'state: { in: hot }\nops: { token: { secret: SLUICE_OPS_TOKEN, optional: true } }\n',
    },
  ],
})
