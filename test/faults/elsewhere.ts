// Faults that this suite does not run, and why: shown by another test, or not at all.

export interface Elsewhere {
  readonly fault: string
  readonly what: string
  /** The test that shows it; undefined: none does. */
  readonly shownBy: string | undefined
  readonly why: string
}

export const ELSEWHERE: readonly Elsewhere[] = [
  {
    fault: 'F14',
    what: 'credentials are changed while they are used',
    shownBy: undefined,
    why: 'secrets are read when a worker starts; reloading them is no feature yet',
  },
  {
    fault: 'F23',
    what: 'the disk of Kafka or RabbitMQ is full',
    shownBy: 'F16 low on disk, for RabbitMQ',
    why: 'Kafka ends itself when its disk is full: to its clients that is F9',
  },
  {
    fault: 'F24',
    what: 'partitions are added to a topic in use',
    shownBy: undefined,
    why: 'keys move to other partitions then, and order across the move is nobody’s promise; `plan` calls it a risk',
  },
  {
    fault: 'F27',
    what: 'messages beyond a limit, in or out',
    shownBy:
      'test/e2e/hostile.test.ts, test/drivers/kafka/produce.test.ts, test/drivers/rabbitmq/broker.test.ts',
    why: 'no process or broker fails in it',
  },
  {
    fault: 'F32',
    what: 'clocks that jump',
    shownBy: 'test/simulation/simulate.test.ts',
    why: 'real clocks are shared with everything else on the machine; simulation has its own',
  },
  {
    fault: 'F33',
    what: 'a schema that changes in the midst of a stream',
    shownBy: 'test/compile/evolution/contracts.test.ts',
    why: 'messages carry no version of their schema yet: what would break readers is refused by `check --against`',
  },
  {
    fault: 'F34',
    what: 'a configuration that changes while it runs',
    shownBy: 'test/e2e/up.test.ts, test/e2e/dev.test.ts',
    why: 'it is the business of `up` and `dev`, and shown there with real processes',
  },
  {
    fault: 'F35',
    what: 'answers that are lost, late or doubled',
    shownBy: 'test/e2e/requests.test.ts, test/contract/requests.contract.ts',
    why: 'shown there with real processes that are killed between question and answer',
  },
  {
    fault: 'F39',
    what: 'the audit file cannot be written',
    shownBy: 'test/ops/dlq/replay.test.ts',
    why: 'no worker writes to it',
  },
]
