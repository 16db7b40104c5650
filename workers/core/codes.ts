// The one table of everything that can go wrong. A code is stable for ever: it is never reused and never changes its meaning.
//
//   SLU01xx files and YAML      SLU02xx shape and values     SLU03xx names         SLU04xx expressions
//   SLU05xx impossible combinations                          SLU10xx usage         SLU11xx environment
//   SLU50xx messages            SLU51xx handlers and steps   SLU52xx Kafka         SLU53xx RabbitMQ
//   SLU54xx Redis               SLU55xx delivery             SLU90xx faults of Sluice itself

/**
 * How a failed message is treated (design: failure classes).
 * invalid: the message itself is bad, never retried. transient: worth another attempt. defect: pipeline or handler is wrong, never retried.
 */
export type FailureClass = 'invalid' | 'transient' | 'defect'

export interface CodeEntry {
  /** One line, lower case, no full stop. */
  readonly title: string
  /** What to do about it; a sentence. */
  readonly fix: string
  readonly failure?: FailureClass
  /** The dependency is away: it is no attempt, the message waits for the connection. */
  readonly outage?: true
}

export const CODES = {
  // ---- files and YAML
  SLU0101: {
    title: 'a file is too large',
    fix: 'Keep a file below 256 KiB and all together below 1 MiB.',
  },
  SLU0102: { title: 'a file is not UTF-8 text', fix: 'Save it as UTF-8.' },
  SLU0103: { title: 'a file is nested too deeply', fix: 'Flatten it.' },
  SLU0104: { title: 'a file is empty', fix: 'Fill it, or remove it.' },
  SLU0105: { title: 'a file holds several documents', fix: 'Make one file of each.' },
  SLU0106: { title: 'the YAML cannot be read', fix: 'Mend it at the named place.' },
  SLU0107: { title: 'a file cannot be read', fix: 'Make it a plain file that can be read.' },
  SLU0108: { title: 'more mistakes than are shown', fix: 'Mend the ones that are shown first.' },

  // ---- shape and values
  SLU0201: { title: 'an unknown field', fix: 'Remove it, or mend its name.' },
  SLU0202: { title: 'a field is missing', fix: 'Add it.' },
  SLU0203: { title: 'a value of the wrong type', fix: 'Write a value of the right type.' },
  SLU0204: { title: 'a value that is not one of the allowed ones', fix: 'Choose one of them.' },
  SLU0205: { title: 'a number out of bounds', fix: 'Choose one within the bounds.' },
  SLU0206: { title: 'a text of the wrong form', fix: 'Write it as the hint shows.' },
  SLU0207: { title: 'a value that does not fit', fix: 'Write it as the hint shows.' },
  SLU0208: { title: 'an unknown kind of connection', fix: 'Use kafka, rabbitmq or redis.' },
  SLU0209: {
    title: 'a secret is written out',
    fix: 'Name an environment variable: { secret: NAME }.',
  },
  SLU0210: {
    title: 'a variable that cannot be read',
    fix: 'Write ${NAME} or ${NAME:-default}.',
  },
  SLU0211: {
    title: 'a step without exactly one verb',
    fix: 'Give each step one of call, cache, command and event.',
  },

  // ---- names
  SLU0301: {
    title: 'an unknown connection',
    fix: 'Declare it in pipelines/fleet.yaml, or mend the name.',
  },
  SLU0302: {
    title: 'an unknown topic',
    fix: 'Declare it in pipelines/fleet.yaml, or mend the name.',
  },
  SLU0303: {
    title: 'an unknown queue',
    fix: 'Declare it in pipelines/fleet.yaml, or mend the name.',
  },
  SLU0304: {
    title: 'an unknown cache',
    fix: 'Declare it in pipelines/fleet.yaml, or mend the name.',
  },
  SLU0305: {
    title: 'an unknown handler',
    fix: 'Create workers/handlers/<name>.ts, or mend the name.',
  },
  SLU0306: { title: 'an unknown schema', fix: 'Create schemas/<name>.json, or mend the name.' },
  SLU0307: {
    title: 'a schema that cannot be used',
    fix: 'Mend it: JSON Schema 2020-12, references within the file only.',
  },
  SLU0308: { title: 'a connection of the wrong kind', fix: 'Name a connection of the right kind.' },
  SLU0309: { title: 'a topic without a schema', fix: 'Give it one in pipelines/fleet.yaml.' },
  SLU0310: {
    title: 'a topic that is not for this',
    fix: 'Dead letters go to topics with `deadLetters: true`, and events do not.',
  },
  SLU0311: { title: 'a reserved word', fix: 'Choose another id.' },
  SLU0312: { title: 'an id that is taken', fix: 'Ids are unique within a pipeline.' },
  SLU0313: {
    title: 'a pipeline name that is taken',
    fix: 'Names of pipelines are unique in a fleet.',
  },
  SLU0314: { title: 'an unknown pipeline', fix: 'Create pipelines/<name>.yaml, or mend the name.' },
  SLU0315: { title: 'a name that the broker keeps for itself', fix: 'Choose another name.' },
  SLU0316: {
    title: 'a pattern that may take for ever',
    fix: 'Write the pattern without a repetition of a repetition.',
  },

  // ---- expressions
  SLU0401: { title: 'not an expression', fix: 'Write one JavaScript expression.' },
  SLU0402: { title: 'not allowed in an expression', fix: 'Put it into a handler.' },
  SLU0403: {
    title: 'an unknown name in an expression',
    fix: 'Use `event` and the ids of earlier call and cache steps.',
  },

  // ---- impossible combinations
  SLU0501: { title: 'retry waits that shrink', fix: 'Make max at least first.' },
  SLU0502: {
    title: 'a window smaller than concurrency',
    fix: 'Make the window at least as large.',
  },
  SLU0503: { title: 'a guard that can never trip', fix: 'Tolerate fewer than are looked at.' },
  SLU0504: {
    title: 'a step that may outlast a drain',
    fix: 'Shorten its timeout, or raise drain.within.',
  },
  SLU0505: {
    title: 'dead letters that may not fit',
    fix: 'Raise maxBytes of the dead-letter topic.',
  },
  SLU0506: {
    title: 'two pipelines in one consumer group',
    fix: 'Give one of them a group of its own.',
  },
  SLU0507: {
    title: 'topics whose names Kafka takes for one',
    fix: 'Let them differ by more than dots and underscores.',
  },

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
  SLU1101: {
    title: 'a connection could not be made in time',
    fix: 'Start the broker, or set the variables that the named line of fleet.yaml reads.',
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

  // ---- Kafka
  SLU5201: {
    title: 'Kafka is away',
    fix: 'Start it; the worker reconnects by itself.',
    failure: 'transient',
    outage: true,
  },
  SLU5202: {
    title: 'Kafka did not confirm in time',
    fix: 'Look at the broker; the message is sent again.',
    failure: 'transient',
  },
  SLU5203: {
    title: 'Kafka refused a message as too large',
    fix: 'Raise max.message.bytes of the topic, or send less.',
    failure: 'defect',
  },
  SLU5204: {
    title: 'the partition is no longer ours',
    fix: 'Nothing: its new owner goes on.',
    failure: 'transient',
  },
  SLU5205: {
    title: 'the topic does not exist',
    fix: 'Create it: npx sluice apply --yes.',
    failure: 'transient',
    outage: true,
  },
  SLU5206: { title: 'Kafka refused the request', fix: 'Look at the cause.', failure: 'transient' },

  // ---- RabbitMQ
  SLU5301: {
    title: 'RabbitMQ is away',
    fix: 'Start it; the worker reconnects by itself.',
    failure: 'transient',
    outage: true,
  },
  SLU5302: {
    title: 'RabbitMQ did not confirm in time',
    fix: 'Look at the broker; the message is sent again.',
    failure: 'transient',
  },
  SLU5303: {
    title: 'RabbitMQ refused the message',
    fix: 'The queue is full or its leader is away; it is tried again.',
    failure: 'transient',
  },
  SLU5304: {
    title: 'no queue took the message',
    fix: 'Create the queue: npx sluice apply --yes.',
    failure: 'transient',
  },
  SLU5305: {
    title: 'RabbitMQ refused the connection',
    fix: 'Check user, password and virtual host.',
    failure: 'transient',
    outage: true,
  },
  SLU5306: {
    title: 'the queue exists with other arguments',
    fix: 'Delete it, or declare it in fleet.yaml as it is.',
    failure: 'transient',
  },
  SLU5307: {
    title: 'the message does not fit into AMQP',
    fix: 'Headers take 64 KiB together, ids and header names 255 bytes each; the size of a body is the broker’s max_message_size.',
    failure: 'defect',
  },

  // ---- Redis
  SLU5401: {
    title: 'Redis is away',
    fix: 'Start it; the worker reconnects by itself.',
    failure: 'transient',
    outage: true,
  },
  SLU5402: {
    title: 'Redis did not answer in time',
    fix: 'Look at its load.',
    failure: 'transient',
  },
  SLU5403: { title: 'Redis refused the command', fix: 'Look at the cause.', failure: 'transient' },
  SLU5404: {
    title: 'Redis refused the connection',
    fix: 'Check the password.',
    failure: 'transient',
    outage: true,
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

  // ---- faults of Sluice itself
  SLU9001: {
    title: 'an unexpected fault inside Sluice',
    fix: 'Please report it with the stack below.',
    failure: 'transient',
  },
} as const satisfies Record<string, CodeEntry>

export type Code = keyof typeof CODES
