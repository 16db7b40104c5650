// What can be wrong with a project: found by the compiler, before anything starts.
import type { CodeEntry } from './entry.ts'

export const CONFIGURATION = {
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
    fix: 'Give each step one of call, cache, map, command, event, job, store, dedupe, route and split.',
  },

  SLU0212: {
    title: 'a retry that is written twice, or not at all',
    fix: 'Write either "retry" or "policy".',
  },
  SLU0213: {
    title: 'an unknown breaker',
    fix: 'Declare it below policies.breakers in pipelines/fleet.yaml, or mend the name.',
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
    title: 'a topic or queue that is not for this',
    fix: 'Dead letters go to topics and streams with `deadLetters: true`; events and commands do not.',
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
  SLU0320: {
    title: 'a pattern that is slow on long texts',
    fix: 'Add a maxLength beside the pattern, or begin it with ^.',
  },
  SLU0317: {
    title: 'two destinations of one name',
    fix: 'Give one of them another name.',
  },
  SLU0318: {
    title: 'an unknown exchange',
    fix: 'Declare it in pipelines/fleet.yaml, or mend the name.',
  },
  SLU0319: {
    title: 'an unknown retry policy',
    fix: 'Declare it below policies.retry in pipelines/fleet.yaml, or mend the name.',
  },

  SLU0321: {
    title: 'an unknown store',
    fix: 'Name one that is below `stores` in pipelines/fleet.yaml, or declare it there.',
  },

  // ---- types of expressions and handlers
  SLU0329: {
    title: 'an unknown queue of jobs',
    fix: 'Name one that is below `jobs` in pipelines/fleet.yaml, or declare it there.',
  },
  SLU0330: { title: 'a property that is not there', fix: 'Mend its name, or the schema.' },
  SLU0331: { title: 'a value of the wrong type', fix: 'Give a value of the type that is needed.' },
  SLU0332: {
    title: 'a field is missing in a body',
    fix: 'Add it, or make it optional in the schema.',
  },
  SLU0333: {
    title: 'a field that the destination does not have',
    fix: 'Remove it, mend its name, or add it to the schema.',
  },
  SLU0334: {
    title: 'a value that may be missing',
    fix: 'Say what holds when it is missing: ?. and ??, or a test before it.',
  },
  SLU0335: { title: 'a condition that is not true or false', fix: 'Compare the value.' },
  SLU0336: { title: 'a comparison that decides nothing', fix: 'Compare with a value that can be.' },
  SLU0337: {
    title: 'a handler that does not take what it is given',
    fix: 'Mend the input, or the parameter of the handler.',
  },
  SLU0338: {
    title: 'a handler whose result does not fit its cache',
    fix: 'Mend the handler, or the schema of the cache.',
  },
  SLU0339: { title: 'a type error in the code of the project', fix: 'Mend it there.' },
  SLU0340: {
    title: 'a value outside of what its schema allows',
    fix: 'Write one within the limits, or change them in the schema.',
  },
  SLU0341: { title: 'types that do not fit together', fix: 'Mend the expression.' },
  SLU0342: {
    title: 'a handler that is no function',
    fix: 'Give its file one function as its default export.',
  },
  SLU0343: {
    title: 'generated types that are out of date',
    fix: 'Write them again: npx sluice types.',
  },

  // ---- contracts with an earlier state of the project
  SLU0370: {
    title: 'git cannot tell how the project was',
    fix: 'Run inside a clone of the repository that holds the project.',
  },
  SLU0371: {
    title: 'an unknown commit',
    fix: 'Name a branch, a tag or a commit; fetch it if it is elsewhere: git fetch origin.',
  },
  SLU0372: {
    title: 'a commit that is not in this part of the history',
    fix: 'Fetch it: git fetch --unshallow; in CI, check out with the whole history.',
  },
  SLU0373: {
    title: 'a contract that cannot be compared',
    fix: 'Name a commit where the project was right, or compare by hand.',
  },
  SLU0374: { title: 'a contract is gone', fix: 'Keep it until nobody uses it.' },
  SLU0375: {
    title: 'compatibility that cannot be proven',
    fix: 'Compare by hand, or write what differs so that it can be compared.',
  },
  SLU0376: {
    title: 'a property that is required on one side only',
    fix: 'Leave it optional for readers, and always write it.',
  },
  SLU0377: {
    title: 'a property that is refused on one side',
    fix: 'Let readers take it before anybody writes it.',
  },
  SLU0378: { title: 'a type that is refused on one side', fix: 'Use another property.' },
  SLU0379: {
    title: 'a value that is refused on one side',
    fix: 'Let readers take it before anybody writes it.',
  },
  SLU0380: {
    title: 'a limit that differs',
    fix: 'Let the readers have the wider one.',
  },
  SLU0381: { title: 'a pattern or format that differs', fix: 'Use another property.' },
  SLU0382: {
    title: 'a variant that is refused on one side',
    fix: 'Let readers take it before anybody writes it.',
  },
  SLU0383: {
    title: 'a rule that refuses values on one side',
    fix: 'Let the readers have the wider one.',
  },

  // ---- expressions
  SLU0401: { title: 'not an expression', fix: 'Write one JavaScript expression.' },
  SLU0402: { title: 'not allowed in an expression', fix: 'Put it into a handler.' },
  SLU0403: {
    title: 'an unknown name in an expression',
    fix: 'Use `event` and the ids of earlier steps that have a value: call, cache, request, map and window.',
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
    title: 'dead letters that would not fit',
    fix: 'Raise maxBytes of the dead-letter topic, or leave it out.',
  },
  SLU0506: {
    title: 'two pipelines in one consumer group',
    fix: 'Give one of them a group of its own.',
  },
  SLU0507: {
    title: 'topics whose names Kafka takes for one',
    fix: 'Let them differ by more than dots and underscores.',
  },
  SLU0508: {
    title: 'a routing key where nobody looks at it, or none where one is needed',
    fix: 'Exchanges of type topic and direct route by a key; queues and fanout exchanges do not.',
  },
  SLU0509: {
    title: 'a topic to which nothing could be written',
    fix: 'Make minInSync at most replication.',
  },
  SLU0510: {
    title: 'dead letters that would be compacted away',
    fix: 'Write cleanup: delete.',
  },
  SLU0511: {
    title: 'a field that this type of queue has not',
    fix: 'Remove it, or choose another type.',
  },
  SLU0512: {
    title: 'a cache whose answers are mostly old',
    fix: 'Raise the ttl, or shorten staleWhileRevalidate.',
  },
  SLU0513: {
    title: 'a limit without a number',
    fix: 'Write messages or bytes.',
  },
  SLU0514: {
    title: 'a hash of values that are no objects',
    fix: 'Write as: string, or give the schema "type": "object".',
  },
  SLU0520: { title: 'dead letters with a schema', fix: 'Remove the schema.' },
  SLU0521: { title: 'a pipeline that feeds itself for ever', fix: 'Send to another topic.' },
  SLU0570: {
    title: 'forgetting in a cache whose entries have no tags',
    fix: 'Add tags to the cache step that fills it, or name another cache.',
  },
  SLU0571: {
    title: 'a store of which only some values have versions',
    fix: 'Give all steps that write to it a version, or none.',
  },
  SLU0550: {
    title: 'parking where order is promised',
    fix: 'Write order: none, or let messages wait in place.',
  },
  SLU0551: {
    title: 'a breaker that can never open',
    fix: 'Make minimum at most as large as the window.',
  },
  SLU0552: {
    title: 'parking that never happens',
    fix: 'Let "after" be less than "attempts".',
  },
  SLU0553: { title: 'parked waits that shrink', fix: 'Let the waits grow.' },
  SLU0557: {
    title: 'parking of questions',
    fix: 'Let them wait in place: who asks may try again.',
  },
  SLU0554: {
    title: 'a topic or queue with the name of a tier',
    fix: 'Give it, or the pipeline, another name.',
  },
  SLU0522: {
    title: 'a queue bound to an exchange of other messages',
    fix: 'Give both the same schema, or bind the queue elsewhere.',
  },
  SLU0523: { title: 'not exactly one source', fix: 'A pipeline reads one topic or one queue.' },
  SLU0524: {
    title: 'a window larger than a queue can hand over',
    fix: 'The window of a queue is its prefetch: 65535 at most.',
  },
  SLU0525: {
    title: 'an order that a shared queue cannot keep',
    fix: 'Write order: none, or give the queue singleActiveConsumer: true.',
  },
  SLU0526: {
    title: 'a stream as a source',
    fix: 'Read a quorum queue, or a topic.',
  },
  SLU0527: {
    title: 'answers that are asked for and not given, or given and not asked for',
    fix: 'A pipeline that reads a queue with `reply` has a `reply` itself, and no other has one.',
  },
  SLU0528: {
    title: 'requests that are filtered',
    fix: 'Remove `when`: whoever asks waits for an answer.',
  },
  SLU0529: {
    title: 'a queue that drops what is delivered too often',
    fix: 'Remove deliveryLimit from a queue that a pipeline reads.',
  },
  SLU0535: {
    title: 'a branch that no message can take',
    fix: 'Mend its condition, or remove it.',
  },
  SLU0536: {
    title: 'messages that no branch takes',
    fix: 'Add a branch for them, or write otherwise: { steps: [] }.',
  },
  SLU0537: { title: 'a split of what is no list', fix: 'Name a list, or make one of it.' },
  SLU0538: {
    title: 'one job for all items of a split',
    fix: 'Let the id of the job name the item, or leave it out.',
  },
  SLU0545: {
    title: 'jobs that are forgotten before a repeat may come',
    fix: 'Raise `retention` of the jobs.',
  },
  SLU0530: {
    title: 'what outlives a process has no home',
    fix: 'Add state: { in: <a redis connection> } to pipelines/fleet.yaml.',
  },
  SLU0532: {
    title: 'dedupe within a split',
    fix: 'Put it before the split, or filter the items.',
  },
  SLU0531: {
    title: 'a record that is forgotten too early',
    fix: 'Make the window longer than a message may be tried.',
  },
  SLU0593: {
    title: 'alerts that nobody could remember',
    fix: 'Add state: { in: <a redis connection> } to pipelines/fleet.yaml.',
  },
  SLU0594: {
    title: 'times of alerting that exclude each other',
    fix: 'Let every be at most for, and repeat longer than for.',
  },
  SLU0546: {
    title: 'an order that jobs cannot keep',
    fix: 'Write order: none, or read a topic or a queue.',
  },
  SLU0547: {
    title: 'a cron that cannot be read',
    fix: 'Write five fields, minute first, or six with the second before them.',
  },
  SLU0548: {
    title: 'a time zone that is none',
    fix: 'Write one of the IANA names, Europe/Berlin for example.',
  },
} as const satisfies Record<string, CodeEntry>
