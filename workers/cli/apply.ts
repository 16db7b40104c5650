// `sluice apply`: makes the brokers what the fleet declares; asks before, and refuses what would lose messages or their order.
import { SluiceError } from '../core/errors.ts'
import { plain, type Flag, type Plan } from '../ops/changes.ts'
import { execute, type Outcome } from '../ops/execute.ts'
import { renderChange, renderPlan } from '../ops/render-plan.ts'
import { documentOf, readSaved, requireSame } from '../ops/saved-plan.ts'
import type { Composition } from './composition.ts'
import { confirmed } from './confirmed.ts'
import { errorText, EXIT } from './exit.ts'
import { openBrokers } from './plan.ts'
import { useColor } from './project.ts'

export interface ApplyOptions {
  readonly project?: string
  readonly yes: boolean
  readonly format: 'text' | 'json'
  readonly allow: readonly Flag[]
  readonly plan?: string
}

export async function apply(options: ApplyOptions, composition: Composition): Promise<number> {
  const saved = options.plan === undefined ? undefined : readSaved(options.plan)
  if (saved !== undefined && options.allow.length > 0)
    throw new SluiceError('SLU1001', {
      message: 'a saved plan says itself what is allowed: give --allow to `sluice plan`',
    })
  if (!options.yes && !process.stdin.isTTY)
    throw new SluiceError('SLU1001', {
      message: 'apply asks before it changes anything; without a terminal say --yes',
    })
  const brokers = await openBrokers(options, composition)
  if (brokers === undefined) return EXIT.usage
  try {
    const allow = saved?.allow ?? options.allow
    let plan = await brokers.plan(allow)
    if (saved !== undefined) requireSame(saved, documentOf(plan))
    const json = options.format === 'json'
    const out = json ? process.stderr : process.stdout
    // Of a saved plan everything was seen, unless it asks.
    if (!json || !options.yes) out.write(renderPlan(plan, { color: useColor(out) }))
    const todo = plan.changes.filter(({ risk }) => risk !== 'refused').length
    if (todo > 0 && !options.yes) {
      if (!(await confirmed(`Make ${todo === 1 ? 'this change' : `these ${todo} changes`}?`)))
        return EXIT.failed
      // Reading takes its time: what was agreed to must still be what is done.
      const shown = documentOf(plan)
      plan = await brokers.plan(allow)
      requireSame(shown, documentOf(plan))
    }
    const outcome = await execute(
      plan,
      (change) => brokers.carryOut(change),
      (change) =>
        json || process.stdout.write(`done ${renderChange(change, { color: useColor(out) })}\n`),
    )
    report(plan, outcome, json)
    if (outcome.failed !== undefined) throw outcome.failed.error
    return outcome.refused.length > 0 ? EXIT.failed : EXIT.ok
  } finally {
    await brokers.close()
  }
}

function report(plan: Plan, { done, refused, failed }: Outcome, json: boolean): void {
  if (json) {
    const { version, hash } = documentOf(plan)
    const failure = failed && {
      change: plain(failed.change),
      why: errorText(failed.error).split('\n')[0],
    }
    const document = { version, hash, done: done.map(plain), refused: refused.map(plain) }
    process.stdout.write(`${JSON.stringify({ ...document, failed: failure ?? null })}\n`)
    return
  }
  // The others stand in the plan above.
  for (const change of refused.filter((late) => !plan.changes.includes(late)))
    process.stdout.write(`refused ${change.code}: ${change.reason}\n`)
  if (failed !== undefined)
    process.stdout.write(`failed ${renderChange(failed.change, { color: false })}\n`)
  if (plan.changes.length > 0)
    process.stdout.write(
      `Applied: ${done.length} done, ${refused.length} refused, ${plan.changes.length - done.length - refused.length} left.\n`,
    )
}
