// Plans the steps of one pipeline in their order: each sees the values of those before it.
import type { CallPlan, ExpressionPlan, StepPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { StepCode } from './emit.ts'
import { parseExpression } from './expression/parse.ts'
import { placeIn } from './expression/place.ts'
import { topicOf } from './fleet-plan.ts'
import { known } from './names.ts'
import type { Surroundings } from './pipeline-plan.ts'
import { mapOf, position, textOf, type Raw } from './raw.ts'
import { StepNames } from './step-names.ts'
import { verbOf } from './step-shape.ts'
import { nearest } from './suggest.ts'
import { milliseconds } from './units.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export interface PlannedStep {
  readonly plan: StepPlan
  readonly code: StepCode
}

interface Compiled {
  readonly code: string
  readonly plan: ExpressionPlan
}

/** What all kinds of steps share. */
interface Base {
  readonly plan: Pick<StepPlan, 'id' | 'index' | 'at' | 'when'>
  readonly code: Pick<StepCode, 'id' | 'index' | 'when'>
  readonly path: Path
}

const DEFAULT_TIMEOUT = '20s'
const CODE_OF = { syntax: 'SLU0401', forbidden: 'SLU0402', name: 'SLU0403' } as const

export class StepPlanner {
  private readonly file: YamlFile
  private readonly around: Surroundings
  private readonly out: Diagnostics
  private readonly names = new StepNames()

  constructor(file: YamlFile, around: Surroundings, out: Diagnostics) {
    this.file = file
    this.around = around
    this.out = out
  }

  step(raw: Raw, index: number): PlannedStep | undefined {
    const { file, names, out } = this
    const path = ['steps', index]
    const verb = verbOf(raw)
    const when = this.expression([...path, 'when'], raw['when'])
    const id = String(raw['id'])
    const at = position(file, verb === undefined ? path : [...path, verb])
    const base: Base = {
      plan: { id, index, at, when: when?.plan },
      code: { id, index, when: when?.code },
      path: verb === undefined ? path : [...path, verb],
    }
    const planned = verb === undefined ? undefined : this.verb(verb, base, mapOf(raw[verb]))
    names.claim(raw['id'], verb, file, [...path, 'id'], out)
    return planned
  }

  /** Undefined where nothing is written; what is wrong with it is said. */
  expression(path: Path, text: unknown): Compiled | undefined {
    // Of what is no text, or an empty one, the grammar has spoken.
    if (typeof text !== 'string' || text === '') return undefined
    const { file, out } = this
    const parsed = parseExpression(text, this.names.scope)
    const { line, column } = placeIn(file, path, text.search(/\S|$/), text.length)
    const plan: ExpressionPlan = { text, at: { file: file.file, line, column } }
    if ('code' in parsed) return { code: parsed.code, plan }
    for (const { from, to, kind, message, hint } of parsed.faults)
      out.error(CODE_OF[kind], placeIn(file, path, from, to), message, hint)
    return { code: 'undefined', plan }
  }

  private verb(verb: string, base: Base, body: Raw): PlannedStep | undefined {
    switch (verb) {
      case 'call':
        return this.call(base, body)
      case 'cache':
        return this.cache(base, body)
      case 'command':
        return this.command(base, body)
      case 'event':
        return this.event(base, body)
      default:
        return undefined
    }
  }

  private call({ plan, code, path }: Base, body: Raw): PlannedStep {
    const call = this.handler(path, 'handler', body)
    return {
      plan: { ...plan, kind: 'call', call: call.plan },
      code: { ...code, kind: 'call', input: call.input },
    }
  }

  private cache({ plan, code, path }: Base, body: Raw): PlannedStep {
    const { file, around, out } = this
    const { declared } = around.fleet
    known(file, [...path, 'in'], 'cache', body['in'], declared?.caches, 'SLU0304', out)
    const key = this.need([...path, 'key'], body['key'])
    const load = this.handler([...path, 'load'], 'call', mapOf(body['load']))
    return {
      plan: { ...plan, kind: 'cache', cache: String(body['in']), key: key.plan, load: load.plan },
      code: { ...code, kind: 'cache', key: key.code, input: load.input },
    }
  }

  private command({ plan, code, path }: Base, body: Raw): PlannedStep {
    const { file, around, out } = this
    const { declared } = around.fleet
    known(file, [...path, 'to'], 'queue', body['to'], declared?.queues, 'SLU0303', out)
    const message = this.need([...path, 'body'], body['body'])
    return {
      plan: { ...plan, kind: 'command', queue: String(body['to']), body: message.plan },
      code: { ...code, kind: 'command', body: message.code },
    }
  }

  private event({ plan, code, path }: Base, body: Raw): PlannedStep {
    this.target([...path, 'to'], body['to'])
    const own: Compiled = { code: 'event.key', plan: { text: 'event.key', at: plan.at } }
    const key = this.expression([...path, 'key'], body['key']) ?? own
    const message = this.need([...path, 'body'], body['body'])
    return {
      plan: {
        ...plan,
        kind: 'event',
        topic: String(body['to']),
        key: key.plan,
        body: message.plan,
      },
      code: { ...code, kind: 'event', key: key.code, body: message.code },
    }
  }

  private handler(path: Path, field: string, raw: Raw): { plan: CallPlan; input: string } {
    const { file, out } = this
    const { handlers } = this.around
    const name = textOf(raw[field], '')
    if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !handlers.includes(name)) {
      const create = `create workers/handlers/${name}.ts with one function as its default export`
      const near = nearest(name, handlers)
      const hint = near === undefined ? create : `did you mean "${near}"? Else ${create}`
      out.error('SLU0305', file.at([...path, field]), `there is no handler "${name}"`, hint)
    }
    const input = this.need([...path, 'input'], raw['input'])
    const timeoutMs = milliseconds(raw['timeout'] ?? DEFAULT_TIMEOUT)
    const at = position(file, [...path, field])
    return { plan: { handler: name, input: input.plan, timeoutMs, at }, input: input.code }
  }

  /** Events go to topics with a schema, which those of dead letters have not. */
  private target(path: Path, topic: unknown): void {
    const { file, out } = this
    const { fleet } = this.around
    if (!known(file, path, 'topic', topic, fleet.declared?.topics, 'SLU0302', out)) return
    const plan = topicOf(fleet, topic)
    if (plan?.deadLetters === true) {
      const message = `topic "${topic}" is for dead letters`
      out.error('SLU0310', file.at(path), message, 'send events to another topic')
    } else if (plan !== undefined && plan.schema === undefined) {
      const hint = 'give it one in pipelines/fleet.yaml'
      out.error('SLU0309', file.at(path), `topic "${topic}" has no schema`, hint)
    }
  }

  private need(path: Path, text: unknown): Compiled {
    const plan = { text: String(text), at: position(this.file, path) }
    return this.expression(path, text) ?? { code: 'undefined', plan }
  }
}
