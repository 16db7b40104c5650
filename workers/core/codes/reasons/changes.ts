// Why: contracts with an earlier state, and changes of what is on the brokers (SLU037x–SLU039x).
import type { Reason } from './entry.ts'

export const CHANGE_REASONS = {
  SLU0370: {
    why: 'What changed is found by comparing with files of a commit. Outside of a repository, or without git, there is nothing to compare with.',
  },
  SLU0371: {
    why: 'The name leads to no commit here. CI servers often fetch the branch that is built and nothing else.',
  },
  SLU0372: {
    why: 'A shallow clone holds the newest commits only, and the one that is asked for is older.',
  },
  SLU0373: {
    why: 'In that commit, or now, the schema cannot be read. Saying that nothing broke would be a guess.',
  },
  SLU0374: {
    why: 'Messages of this kind may still stand on the broker, and readers of the old version may still wait for them.',
  },
  SLU0375: {
    why: 'The two versions differ in a way that the comparison cannot judge. It says so instead of guessing either way.',
  },
  SLU0376: {
    why: 'One side leaves the property out and the other insists on it: messages that one version writes are refused by the other while both run, and every deployment has such a time.',
  },
  SLU0377: {
    why: 'One side writes a property that the other refuses. During a deployment both versions run, and in the topic old messages stay.',
  },
  SLU0378: {
    why: 'A value that one version writes has a type that the other does not take; every message with it becomes a dead letter there.',
  },
  SLU0379: {
    why: 'One version writes a value that is not in the list of the other: there its messages become dead letters, and in a topic they stay for as long as it keeps them.',
  },
  SLU0380: {
    why: 'One version writes values beyond what the other takes: longer texts, larger numbers, more items. Exactly those messages are refused, which tests with usual values do not show.',
  },
  SLU0381: {
    why: 'Whether every text of one form is also one of the other cannot be relied on, so messages of one version may become dead letters in the other.',
  },
  SLU0382: {
    why: 'One version writes a kind of message for which the other has no place: until both are deployed, each of these becomes a dead letter.',
  },
  SLU0383: {
    why: 'A rule such as `not` or `dependentRequired` holds on one side only, so that side refuses what the other writes.',
  },
  SLU0391: {
    why: 'Kafka chooses the partition of a key by the number of partitions. With another number, new messages of a key go elsewhere and may be handled before old ones that still wait.',
  },
  SLU0392: {
    why: 'With less retention the broker deletes what it keeps today, within minutes. Nobody can bring it back.',
  },
  SLU0393: {
    why: 'RabbitMQ fixes type and arguments of a queue or an exchange when it is declared; the only way to another one is to delete it with all it holds.',
  },
  SLU0394: {
    why: 'Somebody bound the queue by hand, or an older version did. Removing it stops messages that may be wanted.',
  },
  SLU0395: {
    why: 'The broker offers no way from what is there to what is declared, such as fewer partitions.',
  },
  SLU0396: {
    why: 'What was reviewed is not what would be done now: somebody else changed the brokers, or the fleet was edited.',
  },
  SLU0397: {
    why: 'A saved plan carries a hash of itself. This file was changed, cut off, or is something else.',
  },
  SLU0398: {
    why: 'Between deleting and making anew, messages on the queue would be lost, and those that arrive would have nowhere to go. So it must be empty and without senders and consumers.',
  },
  SLU0563: {
    why: 'Schedules live in Redis and outlast the pipeline that set them up. One whose pipeline was removed or renamed goes on, and whoever still takes its jobs does them. It may be that of a pipeline that is deployed from elsewhere, so it is removed only when that is said.',
  },
} as const satisfies Record<string, Reason>
