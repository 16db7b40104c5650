// What can go wrong once a command runs: usage, environment, messages, handlers, brokers, delivery.
import type { CodeEntry } from './entry.ts'

export const OPERATION = {
  // ---- usage and environment
  SLU1001: { title: 'the command line is not understood', fix: 'Run the command with --help.' },
  SLU1002: {
    title: 'Node is too old',
    fix: 'Use Node 24 or newer; inside the project `npx sluice` brings its own.',
  },
  SLU1003: {
    title: 'no project found',
    fix: 'Run inside a folder that holds pipelines/fleet.yaml, or name one with --project DIR.',
  },
  SLU1004: {
    title: 'a feed file is not usable',
    fix: 'Each line is one JSON object: {"key", "headers", "value"}, or "raw" or "base64" instead of "value".',
  },
  SLU1005: {
    title: 'a handler could not be loaded',
    fix: 'Mend the handler: one function as its default export.',
  },
  SLU1006: {
    title: 'there is no built fleet',
    fix: 'Make one: `npx sluice build`.',
  },
  SLU1007: { title: 'workers/ does not compile', fix: 'Mend what `npx tsc -p .` says.' },
  SLU1008: {
    title: 'the folder to build into holds something else',
    fix: 'Name another one with --out, or empty it.',
  },
  SLU1009: {
    title: 'the project to build does not hold Sluice',
    fix: 'Build the project that holds workers/main.ts.',
  },
  SLU0555: {
    title: 'embedded drivers cannot be shared by processes',
    fix: 'Use `sluice run --embedded` or `sluice dev --embedded`: one process with all pipelines.',
  },
  SLU0556: {
    title: 'fleet.yaml names no workers',
    fix: 'Add one: `workers: { main: { pipelines: […], replicas: 2 } }`.',
  },
  SLU1101: {
    title: 'a connection could not be made in time',
    fix: 'Start the broker, or set the variables that the named line of fleet.yaml reads.',
  },
  SLU1110: {
    title: 'a cache went away while it was warmed',
    fix: 'Look at its Redis, then warm it again: what is there already is not loaded twice.',
  },
  SLU1102: {
    title: 'an environment variable is not set',
    fix: 'Set it, or give a default: ${NAME:-default}.',
  },
  SLU1103: {
    title: 'an environment variable has the wrong type',
    fix: 'Give it a value of the type that the field needs.',
  },
  SLU1104: { title: 'a port is taken', fix: 'Choose another one.' },
  SLU1105: {
    title: 'a program that the native brokers need is missing',
    fix: 'Install the named packages, or run the brokers with Docker Compose.',
  },
  SLU1106: {
    title: 'a broker did not come up',
    fix: 'Look at the end of its log in the message.',
  },
  SLU1107: {
    title: 'a file of ours cannot be written',
    fix: 'Let this user write there; below a project that is .sluice/ and workers/generated/.',
  },
  SLU1250: {
    title: 'the fleet has nothing of that name',
    fix: 'Use a name of pipelines/fleet.yaml; after a change there, `npx sluice types`.',
  },
  SLU1251: {
    title: 'an event that was read is not valid',
    fix: 'Give the iteration `onInvalid` to pass such events over, or mend whoever sends them.',
  },
  SLU1252: {
    title: 'a client cannot use a fleet with mistakes',
    fix: 'Run `npx sluice check` and mend what it says.',
  },
  SLU1130: {
    title: 'types cannot be checked here',
    fix: 'Install the development tools of the project: npm ci.',
  },
  SLU1140: {
    title: 'the management API of RabbitMQ is away',
    fix: 'Enable the plugin (rabbitmq-plugins enable rabbitmq_management), or mend `management.port` of the connection.',
  },
  SLU1141: {
    title: 'the management API of RabbitMQ refused us',
    fix: 'Give the user the tag `management` and access to the virtual host.',
  },
  SLU1142: {
    title: 'RabbitMQ cannot be compared',
    fix: 'Add management: { port: 15672 } to the connection in pipelines/fleet.yaml.',
  },
  SLU1143: {
    title: 'the management API of RabbitMQ answered something else',
    fix: 'Look at the message; `management.port` is that of the HTTP API, without TLS.',
  },
  SLU1170: {
    title: 'a worker process ended by itself',
    fix: 'Look at what it said last; it is started again.',
  },
  SLU1171: {
    title: 'a worker process keeps ending',
    fix: 'Look at what it says right before its end; it is started again, at most every 30 s.',
  },
  SLU1172: {
    title: 'a worker process refused its configuration',
    fix: 'Mend what it named, then send SIGHUP to the supervisor or start it again.',
  },
  SLU1173: {
    title: 'the event loop of a worker process stands still',
    fix: 'Look for a loop without an end, or for work of a minute without an await, in its handlers.',
  },
  SLU1174: {
    title: 'a fleet did not roll to its new plan',
    fix: 'Mend what the new process named, then send SIGHUP: the roll goes on where it stopped.',
  },
  SLU1175: {
    title: 'a worker process did not end in time',
    fix: 'Raise `drain.within`, or look for handlers that keep it busy; what was at work is delivered again.',
  },

  // ---- messages
  SLU5001: { title: 'the value is not valid JSON', fix: 'Mend the producer.', failure: 'invalid' },
  SLU5002: {
    title: 'the value does not fit its schema',
    fix: 'Mend the producer, or widen the schema.',
    failure: 'invalid',
  },
  SLU5003: {
    title: 'the value is empty',
    fix: 'Mend the producer; a tombstone is a null value.',
    failure: 'invalid',
  },
  SLU5004: {
    title: 'a tombstone where none is expected',
    fix: 'Set `tombstones: deliver` or `tombstones: skip` on the topic.',
    failure: 'invalid',
  },
  SLU5005: {
    title: 'the message is larger than the source allows',
    fix: 'Raise `maxBytes` of the source, or send less.',
    failure: 'invalid',
  },
  SLU5006: { title: 'the value is not valid UTF-8', fix: 'Mend the producer.', failure: 'invalid' },
  SLU5007: {
    title: 'the value is nested too deeply',
    fix: 'Mend the producer; 64 levels are allowed.',
    failure: 'invalid',
  },
  SLU5008: {
    title: 'the headers are too many or too large',
    fix: 'Mend the producer; 64 headers and 64 KiB are allowed.',
    failure: 'invalid',
  },
  SLU5009: {
    title: 'the CloudEvents headers are incomplete',
    fix: 'Binary mode needs ce_specversion, ce_id, ce_source and ce_type.',
    failure: 'invalid',
  },
  SLU5010: {
    title: 'an answer asked for where none may go',
    fix: 'Ask from Sluice, or have answers sent to an exclusive queue that RabbitMQ names.',
    failure: 'invalid',
  },

  // ---- handlers and steps
  SLU5101: {
    title: 'the handler failed',
    fix: 'Look at the cause; it is tried again.',
    failure: 'transient',
  },
  SLU5102: {
    title: 'the handler refused the message for good',
    fix: 'Look at the cause.',
    failure: 'defect',
  },
  SLU5103: {
    title: 'the handler took too long',
    fix: 'Raise the timeout of the step, or make the handler faster.',
    failure: 'transient',
  },
  SLU5104: {
    title: 'an expression failed',
    fix: 'Mend the expression at the named line.',
    failure: 'defect',
  },
  SLU5105: {
    title: 'a body does not fit the schema of its destination',
    fix: 'Mend the body at the named line.',
    failure: 'defect',
  },
  SLU5106: {
    title: 'a handler returned a value that does not fit its schema',
    fix: 'Mend the handler.',
    failure: 'defect',
  },
  SLU5107: {
    title: 'a value cannot be written as JSON',
    fix: 'Return plain data.',
    failure: 'defect',
  },
  SLU5115: {
    title: 'no branch of a route takes the message',
    fix: 'Add a branch for it, or let `otherwise` have steps.',
    failure: 'defect',
  },
  SLU5116: {
    title: 'more items than a split may have',
    fix: 'Raise the limit of the split, or send smaller lists.',
    failure: 'defect',
  },
  SLU5117: {
    title: 'what is to be split is no list',
    fix: 'Mend the expression at the named line.',
    failure: 'defect',
  },
  SLU5118: {
    title: 'items of a split that cannot be told apart',
    fix: 'Let the `id` of the split be a text or a number that differs in each item, or leave it out.',
    failure: 'defect',
  },
  SLU5110: {
    title: 'the key of a stored value is neither a text nor a number',
    fix: 'Mend the key at the named line: one that is always there.',
    failure: 'defect',
  },
  SLU5111: {
    title: 'what dedupe compares is nothing',
    fix: 'Mend the key at the named line: one that is always there.',
    failure: 'defect',
  },
  SLU5120: {
    title: 'the id of a job is neither a text nor a number',
    fix: 'Give the job an id that is always there, or leave `id` out: then each message adds one job.',
    failure: 'defect',
  },

  // ---- delivery
  SLU5501: {
    title: 'the lane was given up before the message was done',
    fix: 'Nothing: it is delivered again.',
    failure: 'transient',
  },
  SLU5502: {
    title: 'the guard paused the pipeline',
    fix: 'Look at the dead letters, mend the cause, restart the worker.',
  },
  SLU5503: {
    title: 'the drain deadline passed with work in flight',
    fix: 'Raise `drain.within`, or shorten step timeouts; what was cut off is delivered again.',
  },
  SLU5504: {
    title: 'a breaker is open',
    fix: 'Look at the calls that it counts; the pipeline waits, and goes on when one succeeds.',
    failure: 'transient',
    outage: true,
  },
  SLU5505: {
    title: 'a consumer stood still while messages waited',
    fix: 'Nothing: it was replaced, and its partitions are read on. Look at the broker if it happens again.',
    failure: 'transient',
    outage: true,
  },

  // ---- identity
  SLU5601: {
    title: 'another delivery of the same message is at work',
    fix: 'Nothing: this one waits for how that one ends.',
    failure: 'transient',
  },
  SLU5520: {
    title: 'the message ends the process that works on it',
    fix: 'Mend the handler: look for native code, memory without bounds, process.exit and process.abort; then replay the letter.',
    failure: 'defect',
  },
  SLU5521: {
    title: 'processes end again and again with the same messages at work',
    fix: 'Look at what they said right before their end; the message that ends them is found by itself.',
  },

  // ---- faults of Sluice itself
  SLU9001: {
    title: 'an unexpected fault inside Sluice',
    fix: 'Please report it with the stack below.',
    failure: 'transient',
  },
} as const satisfies Record<string, CodeEntry>
