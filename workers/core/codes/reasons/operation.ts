// Why: usage, environment, messages, drivers and delivery (SLU10xx–SLU90xx).
import type { Reason } from './entry.ts'

export const OPERATION_REASONS = {
  SLU1001: {
    why: 'A command that guesses what was meant might do something else than was wanted.',
  },
  SLU1002: {
    why: 'Sluice runs its own TypeScript and that of handlers directly, with what Node 24 brings. An older one would fail somewhere in the middle instead of here.',
  },
  SLU1003: {
    why: 'A project is a folder that holds pipelines/fleet.yaml; there is none here, nor above.',
  },
  SLU1004: {
    why: 'The whole file is checked before the first message leaves, so that a typo in line 900 does not leave 899 messages behind.',
  },
  SLU1005: {
    why: 'Loading the file threw, or gave no function. A worker without its handler could only fail its messages, so it does not start.',
  },
  SLU1006: {
    why: 'A worker from a built tree runs what plan.json of that tree says, and compiles nothing. Without it, or with one of another version, there is nothing to run.',
  },
  SLU1007: {
    why: 'The tree holds JavaScript made of workers/, handlers included. What TypeScript refuses would fail in production instead.',
  },
  SLU1008: {
    why: 'Building takes the place of what is in the folder. What was not built by `sluice build` is not for it to delete.',
  },
  SLU1009: {
    why: 'A built tree runs by itself: it takes the runtime from the workers/ folder of the project. A project that only has pipelines and handlers has none to take.',
  },
  SLU0555: {
    why: 'Embedded topics, queues and caches live in the memory of one process. Workers in processes of their own would each have brokers of their own and never meet.',
  },
  SLU0556: {
    why: 'What `up` starts is what `workers` says, each in so many processes. Which pipelines belong together is not for a program to guess.',
  },
  SLU1101: {
    why: 'A broker that is needed did not answer within connect.within. Nothing was started, and nothing was taken.',
  },
  SLU1110: {
    why: 'A pipeline goes on without a cache that may be bypassed. A warm-up that did would load everything, and leave nothing.',
  },
  SLU1102: {
    why: 'The variable is read by fleet.yaml, which gives no default; a guess would connect to a place that nobody meant.',
  },
  SLU1103: {
    why: 'The field needs a number, or true or false, and the variable holds something else. A port that is no port would show only as a broker that never answers.',
  },
  SLU1104: {
    why: 'Another process listens there already, often an earlier worker that still drains.',
  },
  SLU1105: {
    why: 'Native brokers need what their vendors’ packages bring: Java and Maven for Kafka, Erlang for RabbitMQ. Only root can install packages.',
  },
  SLU1106: {
    why: 'The process ended, or did not answer on its port in time. Its own log says why.',
  },
  SLU1107: {
    why: 'Compiled pipelines and what the type checker looks at are files below .sluice/, in the folder of the project.',
  },
  SLU1250: {
    why: 'A client that was typed by another fleet, or not at all, asked for a command, topic, request, cache or queue of jobs that fleet.yaml does not declare.',
  },
  SLU1251: {
    why: 'What stands on a topic may have been sent by anybody. Passing over what cannot be read would lose it silently, so somebody has to say that it may be.',
  },
  SLU1252: {
    why: 'Names, schemas and addresses come from the project. With a mistake in it nobody can say where a message would go.',
  },
  SLU1130: {
    why: 'The type checker is a development tool of the project, which an installation for production leaves out.',
  },
  SLU1140: {
    why: 'What stands on RabbitMQ cannot be asked over AMQP: queues, bindings and their arguments come from its management API.',
  },
  SLU1141: {
    why: 'The user may send and receive, but RabbitMQ lets only tagged users look at the broker itself.',
  },
  SLU1142: {
    why: 'Without the management API nobody can say what is there, and an empty plan would be a guess.',
  },
  SLU1143: {
    why: 'Something else listens on that port: AMQP itself, a proxy, or the API behind TLS.',
  },
  SLU1170: {
    why: 'It crashed, was killed, or ended without being told to. What it had at work is delivered again.',
  },
  SLU1171: {
    why: 'It ended five times in a row without having lived for 30 s. A fleet that only restarts would hide that for days.',
  },
  SLU1172: {
    why: 'It ended with exit code 2: a handler that does not load, for example. Starting it again would change nothing.',
  },
  SLU1173: {
    why: 'A worker says once a second that it lives. This one has said nothing for a minute: its event loop is blocked, so it neither works nor answers probes.',
  },
  SLU1174: {
    why: 'A process of the new plan ended, or was not ready in time. Going on would have replaced what works by what does not.',
  },
  SLU1175: {
    why: 'It was told to drain and was still there 10 s after `drain.within`. It was killed, so that a shutdown ends.',
  },
  SLU5001: {
    why: 'The bytes are no JSON, so nothing in the pipeline can look at them. No attempt could change that.',
  },
  SLU5002: {
    why: 'Expressions and handlers rely on what the schema says. A message that breaks it is set aside before it can break them.',
  },
  SLU5003: {
    why: 'An empty value is neither JSON nor a tombstone. It mostly comes from a producer that failed half-way.',
  },
  SLU5004: {
    why: 'A null value says that a key is deleted. The pipeline did not say what that means to it, so the message is set aside, not skipped in silence.',
  },
  SLU5005: {
    why: 'What is taken is held in memory. The limit of the source bounds that, whatever is sent.',
  },
  SLU5006: {
    why: 'JSON is UTF-8. Read as something else, names and texts would silently become others.',
  },
  SLU5007: { why: 'Such a value is made to exhaust the stack of whoever reads it.' },
  SLU5008: {
    why: 'Headers are copied to dead letters and traces, so they are bounded as values are.',
  },
  SLU5009: {
    why: 'The message says that it is a CloudEvent and lacks what makes it one. Its identity would be a guess.',
  },
  SLU5010: {
    why: 'An answer goes where the message says. A message from outside could have answers sent to any queue, and so write into the work of others: only queues that nobody but the asker can read are answered to.',
  },
  SLU5101: {
    why: 'The handler threw. Most such failures pass: a service that restarts, a lock, a time-out. So it is tried again, as the policy says.',
  },
  SLU5102: { why: 'The handler threw `permanent()`: it says itself that no attempt can help.' },
  SLU5103: {
    why: 'A handler that never answers would hold its slot, and its key, for ever. Its signal was aborted; what it still does has no effect on the message.',
  },
  SLU5104: {
    why: 'The expression threw for this message. It would throw again each time, so it is not tried again.',
  },
  SLU5105: {
    why: 'What the expression made would be refused by whoever reads the destination. It is the same each time, so it is not tried again.',
  },
  SLU5106: {
    why: 'Later steps, and readers of the cache, rely on what the schema says of this value.',
  },
  SLU5107: {
    why: 'A function, a cycle or a BigInt has no form in JSON, and what cannot be written cannot be sent.',
  },
  SLU5115: {
    why: 'The route says `otherwise: { fail: … }`: every message is to have a branch. The same message would find none the next time either, so it is not tried again.',
  },
  SLU5116: {
    why: 'One message holds its slot, and its key, until every item is done, and a crash does all of them again. The limit keeps one message from standing in the way of all others.',
  },
  SLU5117: {
    why: 'The schema, or the handler, left open what the value is, and for this message it is something else.',
  },
  SLU5118: {
    why: 'The id of an item ends the ids of what is sent for it. With the same id, consumers would take the second item for a repeat of the first and drop it.',
  },
  SLU5110: {
    why: 'Whoever reads the value asks for it by its key. Under a key that is nothing all such values would replace one another.',
  },
  SLU5111: {
    why: 'All messages without a key would count as one, and only the first of them would be done.',
  },
  SLU5120: {
    why: 'The id tells one job from another. If it were nothing, all jobs without one would count as the same, and only the first would be done.',
  },
  SLU5201: {
    why: 'The connection is gone, or a request had no answer. Messages wait: an outage costs none of them an attempt.',
  },
  SLU5202: {
    why: 'Kafka was asked to commit offsets or to create a topic, and did not confirm it, or shows nothing of it. Whether it happened is unknown, so it is asked again; after a crash meanwhile, messages since the last commit come a second time.',
  },
  SLU5203: {
    why: 'The topic takes no message of this size. It will not take it the next time either.',
  },
  SLU5204: {
    why: 'The group gave the partition to another member, which goes on from the last commit.',
  },
  SLU5205: {
    why: 'The topic was deleted, or never created; without it nothing can be read or sent.',
  },
  SLU5206: { why: 'Kafka answered with an error that says nothing about the message itself.' },
  SLU5207: {
    why: 'Too few replicas are in sync, or a disk fails. That passes, or somebody mends it; the messages wait meanwhile.',
  },
  SLU5301: {
    why: 'The connection is gone. Messages wait: an outage costs none of them an attempt.',
  },
  SLU5302: {
    why: 'RabbitMQ took the message and confirmed nothing. Whether it is there is unknown, so it is sent again with the same id.',
  },
  SLU5303: {
    why: 'The broker said no: the queue is full with `overflow: reject`, or the leader of a quorum queue is away. It says nothing about the message.',
  },
  SLU5304: {
    why: 'A message that goes to no queue is dropped by RabbitMQ in silence. Sluice asks to hear of it, and treats it as a failure.',
  },
  SLU5305: {
    why: 'User, password or virtual host are not what the broker knows. Trying again does not help until one of them changes.',
  },
  SLU5306: {
    why: 'RabbitMQ refuses to declare a queue again with other arguments; what exists is left alone.',
  },
  SLU5307: {
    why: 'AMQP bounds a frame of headers and each id; what does not fit cannot be sent at all.',
  },
  SLU5308: {
    why: 'RabbitMQ blocks everybody who sends while it lacks memory or disk. It goes on when the alarm ends; the messages wait.',
  },
  SLU5310: {
    why: 'Nobody answered within the timeout of the step: no pipeline reads the queue, or it takes longer. A question that nobody took by then has expired and is not done later.',
  },
  SLU5311: {
    why: 'The pipeline that answers gave the question up for good, as invalid or a defect: asking again would end the same.',
  },
  SLU5312: {
    why: 'The pipeline that answers used up its attempts; what it needed may be back by the next one.',
  },
  SLU5314: {
    why: 'From RabbitMQ 4.0 on a quorum queue drops a message that came back 20 times. Deploys and lost connections count as well, so a message that waits for a breaker may be lost. New queues are told not to; of one that exists RabbitMQ takes no other word.',
  },
  SLU5313: {
    why: 'The answer is not what the queue promises, so that later steps could not rely on it.',
  },
  SLU5401: {
    why: 'The connection is gone. A cache with `whenDown: bypass` is passed by; otherwise messages wait.',
  },
  SLU5402: {
    why: 'Redis is busy, or the network is slow; the call was given up so that its message does not hang.',
  },
  SLU5403: {
    why: 'Redis answered with an error: out of memory, a read-only replica, or a key of another type.',
  },
  SLU5404: { why: 'The password is not what Redis knows, or it asks for one and none is set.' },
  SLU5405: {
    why: 'Whether the call was carried out is unknown. Messages wait, and the call is repeated: it does the same again.',
  },
  SLU5406: {
    why: 'A record that was evicted is a message that is done twice, and a job that was evicted is never done. So a Redis that may evict is refused at start, and not found out when its memory is full.',
  },
  SLU5407: {
    why: 'What is only in memory is gone with the next restart of Redis, and every record of what is done, and every job, with it.',
  },
  SLU5408: {
    why: 'Redis answered with an error: its memory or disk is full, or it has become a replica. It says nothing about the message, so the message waits.',
  },
  SLU5409: {
    why: 'An entry without the tag it should have is never forgotten, and answers with what is no longer so. Each tag is looked at whenever its entry is read, so there are few.',
  },
  SLU5410: {
    why: 'Whoever reads a value relies on its schema. It was written by another program, or by a fleet whose schema was another one.',
  },
  SLU5411: {
    why: 'Versions are compared at the server, as numbers: without one nobody could say which of two values is the newer.',
  },
  SLU5420: {
    why: 'By default a cluster that does not serve all of its slots takes no command at all, and without a majority of its masters it never does. Messages wait until it serves again.',
  },
  SLU5421: {
    why: 'Each key has one node. That one is down, loads its data, or hands its slots to another; the other nodes go on. It says nothing about the message, so the message waits.',
  },
  SLU5422: {
    why: 'One node holds a part of the keys and sends whoever asks for another one elsewhere (MOVED), where a connection to one server cannot follow.',
  },
  SLU5423: {
    why: 'A cluster is asked which node has which slots. A server without cluster support has no answer to that.',
  },
  SLU5802: {
    why: 'Whoever waits for a job that was never added, or that was forgotten after its end, would wait for ever.',
  },
  SLU5803: {
    why: 'Waiting has an end where the caller says so. The job knows nothing of it and is done all the same.',
  },
  SLU5801: {
    why: 'The lock on the job ran out, as it does when a process stands still or is cut off from Redis for longer than ten seconds. Others may have taken the job by then, so nothing is written for it any more; it may be done twice.',
  },
  SLU5501: {
    why: 'The partition went to somebody else while the message was at work. No effect was started after that, and the new owner does it again.',
  },
  SLU5502: {
    why: 'When most messages fail, the cause is seldom the messages: a bad release or a changed producer. Going on would drain the topic into its dead letters.',
  },
  SLU5503: {
    why: 'Work that did not end in time is left, so that a deployment ends. It is delivered again, and is not a failure.',
  },
  SLU5504: {
    why: 'Most of the latest calls failed, so what they need is probably down. Trying every message on it would use up attempts and fill the dead letters; the source is held instead, and one message after another tries.',
  },
  SLU5505: {
    why: 'The client was alive to its group and brought nothing, so that nobody else got its partitions either. Being connected is no progress: what stands still while messages wait is thrown away and made anew.',
  },
  SLU5601: {
    why: 'The message came twice, and one of them is not done yet. The other is held back without an attempt: it is suppressed when that one is done, and takes its place when that one ends otherwise.',
  },
  SLU5520: {
    why: 'Three processes ended while it was the only message at work in them. Delivered again, it would take the next ones along, and every message behind it would wait for ever.',
  },
  SLU5521: {
    why: 'Any of the messages that were at work may have ended the process. They run one at a time behind a marker in the state store, so that an end is an end under one of them.',
  },
  SLU9001: {
    why: 'Something happened that the code holds impossible. The message is safe; the fault is ours.',
  },
} as const satisfies Record<string, Reason>
