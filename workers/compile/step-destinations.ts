// Where steps send to: looks the name up, and says what else it is called, or what cannot be sent there.
import type { ExchangePlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { topicOf, type Fleet } from './fleet-plan.ts'
import { known } from './names.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** Who asks, and who hears what is wrong. */
export interface Asking {
  readonly file: YamlFile
  readonly fleet: Fleet
  readonly out: Diagnostics
}

const SEND = 'send a command step to it'

const isType = (type: string) => ['topic', 'direct', 'fanout'].includes(type)

/** The exchange, or undefined for a queue and for what is neither. */
export function exchangeOf(
  { file, fleet, out }: Asking,
  path: Path,
  name: unknown,
): ExchangePlan | undefined {
  const { declared } = fleet
  const names = declared && [...declared.queues, ...declared.exchanges]
  const others = new Map<string, string>()
  for (const other of declared?.topics ?? []) others.set(other, 'a topic: send an event step to it')
  for (const other of declared?.jobs ?? [])
    others.set(other, 'a queue of jobs: send a job step to it')
  if (!known(file, path, 'queue or exchange', name, names, 'SLU0303', out, others)) return undefined
  const isQueue = declared?.queues.includes(name) === true
  if (isQueue && Object.hasOwn(fleet.queues, name) && fleet.queues[name]?.deadLetters === true) {
    const message = `queue "${name}" is for dead letters`
    out.error('SLU0310', file.at(path), message, 'send commands to another queue')
  }
  return !isQueue && Object.hasOwn(fleet.exchanges, name) ? fleet.exchanges[name] : undefined
}

/** A routing key stands where somebody looks at it, and nowhere else. */
export function checkKey(
  { file, fleet, out }: Asking,
  path: Path,
  name: string,
  exchange: ExchangePlan | undefined,
  hasKey: boolean,
): void {
  const { declared } = fleet
  // Of what is not known nobody can say what it looks at.
  const isKnown = exchange === undefined ? declared?.queues.includes(name) : isType(exchange.type)
  if (isKnown !== true) return
  const looks = exchange !== undefined && exchange.type !== 'fanout'
  if (looks && !hasKey)
    out.error(
      'SLU0508',
      file.key(path),
      `exchange "${name}" is of type ${exchange.type} and routes by a key`,
      "add key: an expression, 'high' for example",
    )
  else if (!looks && hasKey)
    out.error(
      'SLU0508',
      file.key([...path, 'key']),
      exchange === undefined
        ? `"${name}" is a queue, and looks at no key`
        : `exchange "${name}" is of type fanout, and looks at no key`,
      'remove the key',
    )
}

/** Somebody must be there to answer, and what an answer looks like must be known. */
export function checkAsked({ file, fleet, out }: Asking, path: Path, queue: unknown): void {
  const { declared } = fleet
  const others = new Map<string, string>()
  for (const other of declared?.exchanges ?? [])
    others.set(other, 'an exchange: requests go to a queue')
  for (const other of [...(declared?.topics ?? []), ...(declared?.jobs ?? [])])
    others.set(other, 'no queue of RabbitMQ: nobody answers there')
  if (!known(file, path, 'queue', queue, declared?.queues, 'SLU0303', out, others)) return
  const plan = Object.hasOwn(fleet.queues, queue) ? fleet.queues[queue] : undefined
  if (plan !== undefined && plan.reply === undefined)
    out.error(
      'SLU0527',
      file.at(path),
      `queue "${queue}" has no answers`,
      'give it reply: <schema> in pipelines/fleet.yaml, or send a command',
    )
}

/** Events go to topics with a schema, which those of dead letters have not. */
export function checkTopic({ file, fleet, out }: Asking, path: Path, topic: unknown): void {
  const { declared } = fleet
  const others = new Map<string, string>()
  for (const other of declared?.queues ?? []) others.set(other, `a queue: ${SEND}`)
  for (const other of declared?.exchanges ?? []) others.set(other, `an exchange: ${SEND}`)
  for (const other of declared?.jobs ?? [])
    others.set(other, 'a queue of jobs: send a job step to it')
  if (!known(file, path, 'topic', topic, declared?.topics, 'SLU0302', out, others)) return
  const plan = topicOf(fleet, topic)
  if (plan?.deadLetters === true) {
    const message = `topic "${topic}" is for dead letters`
    out.error('SLU0310', file.at(path), message, 'send events to another topic')
  } else if (plan !== undefined && plan.schema === undefined) {
    const hint = 'give it one in pipelines/fleet.yaml'
    out.error('SLU0309', file.at(path), `topic "${topic}" has no schema`, hint)
  }
}

export function checkJobs({ file, fleet, out }: Asking, path: Path, jobs: unknown): void {
  const { declared } = fleet
  const others = new Map<string, string>()
  for (const other of [...(declared?.queues ?? []), ...(declared?.exchanges ?? [])])
    others.set(other, `RabbitMQ: ${SEND}`)
  for (const other of declared?.topics ?? []) others.set(other, 'a topic: send an event step to it')
  known(file, path, 'queue of jobs', jobs, declared?.jobs, 'SLU0329', out, others)
}
