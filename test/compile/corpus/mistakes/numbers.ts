// Wrong numbers, bad durations and sizes.
import { BILLING, FLEET, METRICS, NOTIFICATIONS, PREDICTIONS, seeded } from '../corpus.ts'

export const numbers = seeded('numbers', {
  [PREDICTIONS]: [
    {
      what: 'a duration without its unit',
      from: 'first: 200ms',
      to: 'first: 200',
      hint: /first.*(ms|s, m)/s,
    },
    {
      what: 'a duration with a space',
      from: 'max: 30s',
      to: 'max: 30 s',
      hint: /max.*(30s|ms, s)/s,
    },
    { what: 'a unit that does not exist', from: 'max: 30s', to: 'max: 30sec', hint: /ms, s, m, h/ },
    { what: 'no attempts', from: 'attempts: 5', to: 'attempts: 0', hint: /attempts.*1/s },
    {
      what: 'a number as text',
      from: 'concurrency: 256',
      to: "concurrency: '256'",
      hint: /concurrency.*number/s,
    },
    {
      what: 'the longest wait shorter than the first',
      from: 'first: 200ms, max: 30s',
      to: 'first: 30s, max: 200ms',
      hint: /first.*max|max.*first/s,
    },
    {
      what: 'more tolerated than looked at',
      from: 'of: 200, tolerate: 20',
      to: 'of: 20, tolerate: 200',
      hint: /tolerate.*of|of.*tolerate/s,
    },
  ],
  [BILLING]: [
    {
      what: 'a fraction of messages',
      from: 'concurrency: 64',
      to: 'concurrency: 6.4',
      hint: /concurrency.*whole/s,
    },
    { what: 'a decimal duration', from: 'timeout: 8s', to: 'timeout: 1.5s', hint: /timeout.*ms/s },
    {
      what: 'a size in decimal units',
      from: 'maxBytes: 512KiB',
      to: 'maxBytes: 512KB',
      hint: /KiB/,
    },
    { what: 'a negative duration', from: 'timeout: 10s', to: 'timeout: -10s', hint: /timeout/ },
  ],
  [METRICS]: [
    {
      what: 'nothing at work',
      from: 'concurrency: 512',
      to: 'concurrency: 0',
      hint: /concurrency.*1/s,
    },
    {
      what: 'a number with a thousands separator',
      from: 'window: 20000',
      to: 'window: 20_000',
      hint: /window.*number/s,
    },
    {
      what: 'a million attempts',
      from: 'attempts: 4',
      to: 'attempts: 1000000',
      hint: /attempts.*1000/s,
    },
  ],
  [NOTIFICATIONS]: [
    { what: 'a negative window', from: 'window: 500', to: 'window: -500', hint: /window.*1/s },
  ],
  [FLEET]: [
    { what: 'a time to live of nothing', from: 'ttl: 30m', to: 'ttl: 0s', hint: /ttl.*1ms/s },
    { what: 'a time to live in words', from: 'ttl: 1h', to: 'ttl: 1 hour', hint: /ttl.*h/s },
    {
      what: 'no partitions',
      from: 'partitions: 12\n',
      to: 'partitions: 0\n',
      hint: /partitions.*1/s,
    },
    {
      what: 'a port that does not exist',
      from: 'port: ${RABBITMQ_PORT:-5672}',
      to: 'port: 70000',
      hint: /port.*65535/s,
    },
    { what: 'a retention in months', from: 'time: 14d', to: 'time: 2w', hint: /time.*d/s },
    {
      what: 'copies in sync beyond copies',
      from: 'minInSync: 2',
      to: 'minInSync: 4',
      hint: /minInSync.*(replication|3)/s,
    },
    { what: 'a size without a form', from: 'bytes: 2GiB', to: 'bytes: 2 gigabytes', hint: /GiB/ },
    { what: 'no replicas', from: 'replicas: 2', to: 'replicas: 0', hint: /replicas.*1/s },
    {
      what: 'a date for a limit of deliveries',
      from: 'deliveryLimit: 50',
      to: 'deliveryLimit: fifty',
      hint: /deliveryLimit.*number/s,
    },
  ],
})
