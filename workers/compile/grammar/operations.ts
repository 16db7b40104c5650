// The grammar of what operators set: when something counts as unwell, who is told of it, and who may ask the operations API.
import { duration, expression, name, object, otherwise, secret, section, whole } from './parts.ts'

const COUNT = [1, 1_000_000_000] as const

const counted = (description: string, usual: number) =>
  section(
    object(description, {
      warn: otherwise(usual, whole('Warn from so many on.', usual, ...COUNT)),
      fail: whole('Fail from so many on; not written: it only warns.', usual * 100, ...COUNT),
    }),
  )

export const HEALTH = section(
  object(
    'When something counts as unwell, for `ops`, `health`, `doctor` and `lag`, and in the rules that `alerts` writes.',
    {
      within: otherwise(
        '2s',
        duration('A broker that has not answered by then fails.', '2s', '100ms', '30s'),
      ),
      latency: section(
        object('Of one round trip.', {
          warn: otherwise('100ms', duration('Warn from there on.', '100ms')),
          fail: otherwise('1s', duration('Fail from there on.', '1s')),
        }),
      ),
      memory: section(
        object('In percent of what Redis (maxmemory) or RabbitMQ (its watermark) may use.', {
          warn: otherwise(80, whole('Warn from there on.', 80, 1, 100)),
          fail: otherwise(95, whole('Fail from there on.', 95, 1, 100)),
        }),
      ),
      depth: counted('Messages or jobs that wait in one queue.', 10_000),
      lag: counted('Messages that a group is behind on its topic.', 10_000),
      hits: section(
        object('Answers of a cache, in percent of what it is asked.', {
          warn: otherwise(10, whole('Warn below that.', 10, 1, 100)),
          fail: whole('Fail below that; not written: it only warns.', 1, 1, 100),
        }),
      ),
      rebalances: section(
        object(
          'How often the partitions of a pipeline are given out anew within a quarter of an hour, in the rules alone.',
          {
            warn: otherwise(10, whole('Warn from so many on.', 10, 1, 1_000)),
            fail: whole('Fail from so many on; not written: it only warns.', 100, 1, 1_000),
          },
        ),
      ),
    },
  ),
)

export const OPS = section(
  object('The operations API, as `ops` serves it.', {
    token: secret(
      'What whoever asks must send as a bearer token. Without one it serves loopback in the development profile alone.',
      'SLUICE_OPS_TOKEN',
    ),
  }),
)

export const ALERTING = object(
  'Tells when a threshold of `health` is passed, and when all is well again: one command for each change, sent by `ops`.',
  {
    to: name('The queue or exchange that takes them.', 'alerts'),
    key: expression(
      'The routing key, of an exchange that looks at it. In scope: `alert`.',
      'alert.severity',
    ),
    body: expression(
      'The command, as the schema of `to` wants it. In scope: `alert` with id, status (firing, resolved), severity (warning, critical), fleet, component, subject, check, message, code, next and time.',
      '{ id: alert.id, text: alert.message }',
    ),
    every: otherwise('10s', duration('How often it is looked.', '10s', '1s', '10m')),
    for: otherwise(
      '1m',
      duration('So long it must be wrong, or right again, before that is told.', '1m', '1s', '1d'),
    ),
    repeat: otherwise(
      '1h',
      duration('What is still wrong is told again after that.', '1h', '1m', '24d'),
    ),
  },
  ['to', 'body'],
)
