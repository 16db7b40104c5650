// What the fleet says when a threshold of its health is passed, and when it is well again. The schema is that of the type.

export interface Alert {
  /** Of this message: the same for each process that would send it, and for each time that it is sent. */
  readonly id: string
  readonly status: 'firing' | 'resolved'
  /** Of what is resolved: what it was. */
  readonly severity: 'warning' | 'critical'
  readonly fleet: string
  readonly component: 'redis' | 'rabbitmq' | 'kafka' | 'workers'
  /** A connection of fleet.yaml, or a worker. */
  readonly subject: string
  /** What was looked at: `memory`, `queue alerts`. */
  readonly check: string
  /** What was found. */
  readonly message: string
  /** Of our table; empty for what is well. */
  readonly code: string
  /** What to do about it; empty for what is well. */
  readonly next: string
  /** When it was told, RFC 3339. */
  readonly time: string
}

const text = (description: string) => ({ type: 'string', description })

export const ALERT_SCHEMA = {
  title: 'Alert',
  type: 'object',
  required: [
    'id',
    'status',
    'severity',
    'fleet',
    'component',
    'subject',
    'check',
    'message',
    'code',
    'next',
    'time',
  ],
  properties: {
    id: text('Of this message: the same each time that it is sent.'),
    status: { enum: ['firing', 'resolved'] },
    severity: { enum: ['warning', 'critical'] },
    fleet: text('Its name.'),
    component: { enum: ['redis', 'rabbitmq', 'kafka', 'workers'] },
    subject: text('A connection of fleet.yaml, or a worker.'),
    check: text('What was looked at.'),
    message: text('What was found.'),
    code: text('Of our table; empty for what is well.'),
    next: text('What to do about it; empty for what is well.'),
    time: text('When it was told.'),
  },
  additionalProperties: false,
} as const satisfies { readonly required: readonly (keyof Alert)[] } & Record<string, unknown>
