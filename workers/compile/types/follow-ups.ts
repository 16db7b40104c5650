// Leaves out what only follows from something else: one mistake is said once.
import type { FleetSources } from '../compile.ts'
import type { StepPlan } from '../../core/plan.ts'
import { allSteps, holdersOf } from '../../core/plan-walk.ts'
import { Anatomy } from './anatomy.ts'
import type { Checked } from './checked.ts'
import { subjectOf } from './here.ts'
import { fieldsAt } from './schema-fields.ts'
import type { Spot } from './sheet.ts'
import type { Said } from './tsc.ts'

export interface Heard extends Spot {
  readonly said: Said
  readonly pipeline: Checked
}

export function withoutFollowUps(heard: readonly Heard[], sources: FleetSources): Heard[] {
  const all = withoutSums(firstOfEachName(firstOfEachPlace(heard)))
  return firstOfKinds(all, sources).filter((one) => !isVague(one, all) && !dependsOnWhen(one, all))
}

const keyOf = ({ pipeline, piece }: Heard) => `${pipeline.file.file} ${piece.path.join('.')}`

/** A handler that is wrong is wrong wherever it is called; it is mended in one place. */
const handlerOf = ({ piece: { slot } }: Heard): string | undefined => {
  if (slot.kind === 'handler') return slot.handler
  return slot.kind === 'result' ? `${slot.handler} ${slot.schema}` : undefined
}

/** Conditions stand twice in a module, and one thing may be wrong in several ways: the first says it. */
function firstOfEachPlace(heard: readonly Heard[]): Heard[] {
  const seen = new Set<string>()
  return heard.filter((one) => {
    const place = handlerOf(one) ?? `${keyOf(one)} ${one.offset}`
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}

/** What may be missing is said once in an expression; of the data of the event once: one test before all mends it. */
function firstOfEachName(heard: readonly Heard[]): Heard[] {
  const seen = new Set<string>()
  return heard.filter((one) => {
    const name = /^'(.+)' is possibly '/.exec(one.said.text[0] ?? '')?.[1]
    if (name === undefined) return true
    const key = `${name === 'event.data' ? one.pipeline.file.file : keyOf(one)} ${name}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const SUMS: ReadonlySet<number> = new Set([2362, 2363, 2365])

/** What cannot be computed has no type that could fit; of its two sides the first says it. */
const withoutSums = (heard: readonly Heard[]): Heard[] =>
  heard.filter((one, index) => {
    const fieldOf = ({ piece, offset }: Heard) =>
      `${new Anatomy(piece.text ?? '').outerField(offset)}`
    const sum = heard.findIndex(
      (other) =>
        SUMS.has(other.said.code) && keyOf(other) === keyOf(one) && fieldOf(other) === fieldOf(one),
    )
    if (sum === -1) return true
    return SUMS.has(one.said.code) ? sum === index : !DOES_NOT_FIT.has(one.said.code)
  })

/** Nobody tested which kind of event it is: one test before all mends every field that is only on some. */
function firstOfKinds(heard: readonly Heard[], sources: FleetSources): Heard[] {
  const untested = new Set<Checked>()
  return heard.filter((one) => {
    const { said, piece, pipeline, offset } = one
    const anatomy = new Anatomy(piece.text ?? '')
    if (NOT_THERE.has(said.code)) {
      const here = { ...one, sources, anatomy }
      const subject = subjectOf(anatomy.ownerOf(offset) ?? '', here)
      const name = /^Property '(.+?)'/.exec(said.text[0] ?? '')?.[1] ?? ''
      const isData = subject?.ofEvent === true && subject.path.length === 0
      if (!isData || !fieldsAt(subject.schema, []).includes(name)) return true
      if (untested.has(pipeline)) return false
      untested.add(pipeline)
      return true
    }
    return !(untested.has(pipeline) && DOES_NOT_FIT.has(said.code) && isEvent(anatomy, offset))
  })
}

const NOT_THERE: ReadonlySet<number> = new Set([2339, 2551])
const DOES_NOT_FIT: ReadonlySet<number> = new Set([2322, 2345, 2739, 2740, 2741])

function isEvent(anatomy: Anatomy, offset: number): boolean {
  const node = anatomy.at(offset)
  return node !== undefined && /^event(\s*\.\s*data)?$/.test(anatomy.source(node))
}

/** Nothing is known of a parameter because nothing is known of what it comes from. */
const VAGUE: ReadonlySet<number> = new Set([7006, 7031, 7005, 7034, 7053, 2488, 2461])

/** Of parameters in particular: where nothing was said about what they come from, nothing may be known of it. */
const OF_PARAMETERS: ReadonlySet<number> = new Set([7006, 7031, 7005, 7034])

const isVague = (one: Heard, all: readonly Heard[]) =>
  OF_PARAMETERS.has(one.said.code) ||
  (VAGUE.has(one.said.code) &&
    all.some(
      (other) => other !== one && keyOf(other) === keyOf(one) && !VAGUE.has(other.said.code),
    ))

/** What a condition would have ruled out. */
const RULED_OUT: ReadonlySet<number> = new Set([
  2339, 2551, 2345, 2322, 2367, 18046, 18047, 18048, 18049, 2531, 2532, 2533,
])

/** The condition above it is wrong, so it rules out nothing, or everything. */
function dependsOnWhen(one: Heard, all: readonly Heard[]): boolean {
  const { said, piece, pipeline } = one
  if (!RULED_OUT.has(said.code)) return false
  const { plan, written } = pipeline
  const ofPipeline = piece.path[0] !== 'when' && hasFault(all, pipeline, undefined)
  if (ofPipeline && (said.text.length > 1 || said.text[0]?.includes("'never'"))) return true
  if (piece.step === undefined) return false
  const around = holdersOf(plan, piece.step)
  const own = allSteps(plan).find(({ index }) => index === piece.step)
  const isCondition = piece.slot.kind === 'when' || piece.slot.kind === 'over'
  return [...around, ...(own === undefined || isCondition ? [] : [own])].some(
    (step) =>
      conditionsOf(step).some((when) => !written.has(when)) ||
      (conditionsOf(step).length > 0 && hasFault(all, pipeline, step.index)),
  )
}

/** Those of a step, and of the ways through it; of a split also its list. */
const conditionsOf = (step: StepPlan) => [
  ...(step.when === undefined ? [] : [step.when]),
  ...(step.kind === 'route' ? step.branches.map(({ when }) => when) : []),
  ...(step.kind === 'split' ? [step.over] : []),
]

const hasFault = (all: readonly Heard[], pipeline: Checked, step: number | undefined) =>
  all.some(
    (other) =>
      other.pipeline === pipeline &&
      (other.piece.slot.kind === 'when' || other.piece.slot.kind === 'over') &&
      other.piece.step === step,
  )
