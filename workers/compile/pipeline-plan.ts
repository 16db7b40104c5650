// Turns a well-shaped pipeline file into its plan and its compiled module; every name is looked up, every expression checked.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CallPlan, ExpressionPlan, FailurePlan, PipelinePlan, StepPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { emitModule, type StepCode } from './emit.ts'
import { parseExpression, type Scope } from './expression/parse.ts'
import { placeIn } from './expression/place.ts'
import { position, textOf, type FleetResources } from './fleet-plan.ts'
import { PIPELINE, stepOf, VERBS } from './grammar/pipeline.ts'
import { known } from './names.ts'
import { checkShape } from './shape.ts'
import { didYouMean } from './suggest.ts'
import { bytes, milliseconds } from './units.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Raw = Record<string, unknown>

export interface PlannedPipeline {
  readonly plan: PipelinePlan
  readonly module: string
}

const RESERVED = new Set(
  `event run undefined NaN Infinity Math Object Number String Boolean Array
   Date JSON break case catch class const continue debugger default delete
   do else enum export extends false finally for function if import
   in instanceof new null return super switch this throw true try
   typeof var void while with yield let static await implements interface
   package private protected public arguments eval accepts steps`.split(/\s+/),
)

/** Undefined when the file has not the shape of a pipeline; names and expressions are checked all the same, as far as they are there. */
export function planPipeline(
  root: string,
  file: YamlFile,
  fleet: FleetResources,
  out: Diagnostics,
): PlannedPipeline | undefined {
  const shaped = checkShape(file, [], file.value, PIPELINE, out)
  if (!isMap(file.value)) return undefined
  const stepsShaped = checkSteps(file, file.value, out)
  const planned = new PipelinePlanner(root, file, fleet, out).plan(file.value)
  return shaped && stepsShaped ? planned : undefined
}

const isMap = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mapOf = (value: unknown): Raw => (isMap(value) ? value : {})

function checkSteps(file: YamlFile, raw: Raw, out: Diagnostics): boolean {
  const steps = raw['steps']
  if (!Array.isArray(steps)) return true
  const verbs = Object.keys(VERBS)
  let fine = true
  steps.forEach((step: unknown, index) => {
    if (typeof step !== 'object' || step === null || Array.isArray(step)) return
    const path = ['steps', index]
    const written = Object.keys(step)
    const mine = written.filter((key) => verbs.includes(key))
    const [verb] = mine
    if (verb === undefined) {
      fine = false
      const odd = written.find((key) => key !== 'id' && key !== 'when')
      if (odd === undefined)
        out.error(
          'SLU0211',
          file.at(path),
          'the step does nothing',
          `add one of ${verbs.join(', ')}`,
        )
      else
        out.error(
          'SLU0201',
          file.key([...path, odd]),
          `unknown field "${odd}" in a step`,
          didYouMean(odd, [...verbs, 'when', 'id']),
        )
    } else if (mine.length > 1) {
      fine = false
      out.error(
        'SLU0211',
        file.key([...path, mine[1] as string]),
        `the step has ${mine.join(' and ')}`,
        'one verb a step: make two steps of it',
      )
    } else fine = checkShape(file, path, step, stepOf(verb), out) && fine
  })
  return fine
}

class PipelinePlanner {
  private readonly root: string
  private readonly file: YamlFile
  private readonly fleet: FleetResources
  private readonly out: Diagnostics
  private readonly values: string[] = []
  private readonly valueless = new Map<string, string>()

  constructor(root: string, file: YamlFile, fleet: FleetResources, out: Diagnostics) {
    this.root = root
    this.file = file
    this.fleet = fleet
    this.out = out
  }

  plan(raw: Raw): PlannedPipeline {
    const { file } = this
    const name = String(raw['pipeline'])
    const from = mapOf(raw['from'])
    const topic = String(from['topic'])
    this.sourceTopic(from['topic'])
    const when = this.expression(['when'], raw['when'])
    const steps: StepPlan[] = []
    const codes: StepCode[] = []
    const listed: unknown[] = Array.isArray(raw['steps']) ? raw['steps'] : []
    listed.forEach((step, index) => {
      const planned = isMap(step) ? this.step(step, index) : undefined
      if (planned === undefined) return
      steps.push(planned.plan)
      codes.push(planned.code)
    })
    const plan: PipelinePlan = {
      name,
      file: file.file,
      at: position(file, ['pipeline']),
      from: {
        topic,
        group: textOf(from['group'], name),
        start: (from['start'] ?? 'earliest') as 'earliest' | 'latest',
        maxBytes: from['maxBytes'] === undefined ? 1_048_576 : bytes(from['maxBytes'] as string),
      },
      when: when?.plan,
      order: raw['order'] as PipelinePlan['order'],
      concurrency: Number(raw['concurrency'] ?? 256),
      window: Number(raw['window'] ?? 10_000),
      steps,
      failure: this.failure(mapOf(raw['failure']), topic),
    }
    return { plan, module: emitModule(file.file, when?.code, codes) }
  }

  private sourceTopic(topic: unknown): void {
    const { file, fleet, out } = this
    const path = ['from', 'topic']
    if (!known(file, path, 'topic', topic, Object.keys(fleet.topics), 'SLU0302', out)) return
    const plan = fleet.topics[String(topic)]
    if (plan?.deadLetters === true) return
    if (plan?.schema === undefined)
      out.error(
        'SLU0309',
        file.at(path),
        `topic "${String(topic)}" has no schema`,
        `give it one in pipelines/fleet.yaml: messages are checked before anything else`,
      )
  }

  private step(raw: Raw, index: number): { plan: StepPlan; code: StepCode } | undefined {
    const { file } = this
    const path = ['steps', index]
    const id = String(raw['id'])
    const verb = Object.keys(raw).find((key) => VERBS[key] !== undefined)
    const when = this.expression([...path, 'when'], raw['when'])
    if (verb === undefined) {
      // Whatever it was meant to be, later steps may rightly name it.
      this.values.push(id)
      return undefined
    }
    const base = { id, index, at: position(file, [...path, verb]), when: when?.plan }
    const body = mapOf(raw[verb])
    const planned = this.verb(verb, base, [...path, verb], body, when?.code)
    this.claim(id, [...path, 'id'], verb)
    return planned
  }

  private verb(
    verb: string,
    base: Pick<StepPlan, 'id' | 'index' | 'at' | 'when'>,
    path: Path,
    body: Raw,
    when: string | undefined,
  ): { plan: StepPlan; code: StepCode } {
    const { file, fleet, out } = this
    const { id, index } = base
    if (verb === 'call') {
      const call = this.call(path, 'handler', body)
      return {
        plan: { ...base, kind: 'call', call: call.plan },
        code: { kind: 'call', id, index, when, input: call.input },
      }
    }
    if (verb === 'cache') {
      const cache = String(body['in'])
      known(file, [...path, 'in'], 'cache', body['in'], Object.keys(fleet.caches), 'SLU0304', out)
      const key = this.need([...path, 'key'], body['key'])
      const load = this.call([...path, 'load'], 'call', mapOf(body['load']))
      return {
        plan: { ...base, kind: 'cache', cache, key: key.plan, load: load.plan },
        code: { kind: 'cache', id, index, when, key: key.code, input: load.input },
      }
    }
    const to = String(body['to'])
    const message = this.need([...path, 'body'], body['body'])
    if (verb === 'command') {
      known(file, [...path, 'to'], 'queue', body['to'], Object.keys(fleet.queues), 'SLU0303', out)
      return {
        plan: { ...base, kind: 'command', queue: to, body: message.plan },
        code: { kind: 'command', id, index, when, body: message.code },
      }
    }
    this.targetTopic([...path, 'to'], body['to'])
    const key = this.expression([...path, 'key'], body['key']) ?? {
      code: 'event.key',
      plan: { text: 'event.key', at: base.at },
    }
    return {
      plan: { ...base, kind: 'event', topic: to, key: key.plan, body: message.plan },
      code: { kind: 'event', id, index, when, key: key.code, body: message.code },
    }
  }

  private call(path: Path, field: string, raw: Raw): { plan: CallPlan; input: string } {
    const { file, out } = this
    const handler = String(raw[field])
    if (
      typeof raw[field] === 'string' &&
      !existsSync(join(this.root, 'workers/handlers', `${handler}.ts`))
    )
      out.error(
        'SLU0305',
        file.at([...path, field]),
        `there is no handler "${handler}"`,
        `create workers/handlers/${handler}.ts with one function as its default export`,
      )
    const input = this.need([...path, 'input'], raw['input'])
    const timeoutMs = milliseconds(textOf(raw['timeout'], '20s'))
    return {
      plan: { handler, input: input.plan, timeoutMs, at: position(file, [...path, field]) },
      input: input.code,
    }
  }

  private targetTopic(path: Path, topic: unknown): void {
    const { file, fleet, out } = this
    if (!known(file, path, 'topic', topic, Object.keys(fleet.topics), 'SLU0302', out)) return
    const plan = fleet.topics[String(topic)]
    if (plan?.deadLetters === true)
      out.error(
        'SLU0310',
        file.at(path),
        `topic "${String(topic)}" is for dead letters`,
        'send events to another topic',
      )
    else if (plan?.schema === undefined)
      out.error(
        'SLU0309',
        file.at(path),
        `topic "${String(topic)}" has no schema`,
        'give it one in pipelines/fleet.yaml',
      )
  }

  private failure(raw: Raw, source: string): FailurePlan {
    const letter = (cls: string) => {
      const path = ['failure', cls, 'deadLetter']
      const written = mapOf(raw[cls])['deadLetter']
      const topic = String(written)
      const { file, fleet, out } = this
      if (!known(file, path, 'topic', written, Object.keys(fleet.topics), 'SLU0302', out))
        return topic
      if (topic === source)
        out.error(
          'SLU0310',
          file.at(path),
          'the dead letters go to the source itself',
          'name another topic',
        )
      else if (fleet.topics[topic]?.deadLetters !== true)
        out.error(
          'SLU0310',
          file.at(path),
          `topic "${topic}" is not for dead letters`,
          'add `deadLetters: true` to it in pipelines/fleet.yaml',
        )
      return topic
    }
    const retry = mapOf(mapOf(raw['transient'])['retry'])
    const guard = raw['guard'] === undefined ? undefined : mapOf(raw['guard'])
    return {
      invalid: { deadLetter: letter('invalid') },
      transient: {
        retry: {
          attempts: Number(retry['attempts']),
          firstMs: milliseconds(String(retry['first'])),
          maxMs: milliseconds(String(retry['max'])),
          jitter: retry['jitter'] as 'full' | 'none',
        },
        deadLetter: letter('transient'),
      },
      defect: { deadLetter: letter('defect') },
      guard:
        guard === undefined
          ? undefined
          : { of: Number(guard['of']), tolerate: Number(guard['tolerate']) },
    }
  }

  private claim(id: string, path: Path, verb: string): void {
    const { file, out } = this
    if (RESERVED.has(id))
      out.error('SLU0311', file.at(path), `"${id}" is a reserved word`, 'choose another id')
    if (this.values.includes(id) || this.valueless.has(id))
      out.error(
        'SLU0312',
        file.at(path),
        `the id "${id}" is taken`,
        'ids are unique within a pipeline',
      )
    else if (verb === 'call' || verb === 'cache') this.values.push(id)
    else this.valueless.set(id, `a ${verb} step has no value; call and cache steps do`)
  }

  private need(path: Path, text: unknown): { code: string; plan: ExpressionPlan } {
    const plan = { text: String(text), at: position(this.file, path) }
    return this.expression(path, text) ?? { code: 'undefined', plan }
  }

  private expression(
    path: Path,
    text: unknown,
  ): { code: string; plan: ExpressionPlan } | undefined {
    if (typeof text !== 'string') return undefined
    const { file, out } = this
    const scope: Scope = { values: ['event', ...this.values], valueless: this.valueless }
    const parsed = parseExpression(text, scope)
    const { line, column } = placeIn(file, path, text.search(/\S|$/), text.length)
    const plan: ExpressionPlan = { text, at: { file: file.file, line, column } }
    if ('code' in parsed) return { code: parsed.code, plan }
    for (const { from, to, kind, message, hint } of parsed.faults) {
      const code = kind === 'syntax' ? 'SLU0401' : kind === 'forbidden' ? 'SLU0402' : 'SLU0403'
      out.error(code, placeIn(file, path, from, to), message, hint)
    }
    return { code: 'undefined', plan }
  }
}
