// Plans who is told when something becomes unwell: a command whose expressions see `alert` in place of an event.
import type { AlertingPlan, ExpressionPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { emitAlerting } from './emit.ts'
import { planExpression } from './expression-plan.ts'
import type { Fleet } from './fleet-plan.ts'
import { fill } from './grammar/fill.ts'
import { ALERTING } from './grammar/operations.ts'
import { isMap, mapOf, position } from './raw.ts'
import { checkKey, exchangeOf } from './step-destinations.ts'
import { milliseconds } from './units.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** Of its module, among those of the pipelines: no pipeline has such a name. */
export const ALERTING_MODULE = '$alerting'

export interface PlannedAlerting {
  readonly file: YamlFile
  readonly plan: AlertingPlan
  readonly module: string
  /** Where each expression that is right by itself is written. */
  readonly written: ReadonlyMap<ExpressionPlan, Path>
}

const AT = ['alerting']
const SCOPE = { values: new Set(['alert']), valueless: new Map<string, string>() }

/** Undefined where none is written; with mistakes as far as it can be read. */
export function planAlerting(
  file: YamlFile | undefined,
  fleet: Fleet,
  out: Diagnostics,
): PlannedAlerting | undefined {
  const raw = mapOf(file?.value)['alerting']
  if (file === undefined || !isMap(raw)) return undefined
  const { to, key: keyText, body: bodyText, every, for: holds, repeat } = fill(ALERTING, raw)
  const asking = { file, fleet, out }
  const exchange = exchangeOf(asking, [...AT, 'to'], to)
  const key = planExpression(file, [...AT, 'key'], keyText, SCOPE, out)
  checkKey(asking, AT, to, exchange, key !== undefined)
  const nothing = { code: 'undefined', plan: { text: '', at: position(file, AT) }, isRight: false }
  const body = planExpression(file, [...AT, 'body'], bodyText, SCOPE, out) ?? nothing
  const plan: AlertingPlan = {
    command: {
      kind: 'command',
      id: 'alerting',
      index: 0,
      at: position(file, AT),
      when: undefined,
      to: exchange === undefined ? { queue: to } : { exchange: to },
      key: key?.plan,
      body: body.plan,
    },
    everyMs: milliseconds(every),
    forMs: milliseconds(holds),
    repeatMs: milliseconds(repeat),
  }
  checkTimes(file, plan, out)
  if (fleet.state === undefined && fleet.declared?.hasState === false)
    out.error(
      'SLU0593',
      file.key(AT),
      'alerting needs the state store, and the fleet has none',
      'what was told already is remembered there: add state: { in: <a redis connection> }',
    )
  const written = new Map<ExpressionPlan, Path>()
  if (key?.isRight === true) written.set(key.plan, [...AT, 'key'])
  if (body.isRight) written.set(body.plan, [...AT, 'body'])
  return { file, plan, module: emitAlerting(key?.code, body.code), written }
}

function checkTimes(
  file: YamlFile,
  { everyMs, forMs, repeatMs }: AlertingPlan,
  out: Diagnostics,
): void {
  const at = (...fields: string[]) =>
    file.at([...AT, fields.find((field) => file.scalar([...AT, field]) !== undefined) ?? ''])
  if (everyMs > forMs)
    out.error(
      'SLU0594',
      at('every', 'for'),
      `it is looked every ${everyMs / 1_000} s, and what holds for ${forMs / 1_000} s is told`,
      'nobody would know whether it held: let `every` be at most `for`',
    )
  if (repeatMs <= forMs)
    out.error(
      'SLU0594',
      at('repeat', 'for'),
      `it is told again every ${repeatMs / 1_000} s, and only what holds for ${forMs / 1_000} s is told`,
      'let `repeat` be longer than `for`',
    )
}
