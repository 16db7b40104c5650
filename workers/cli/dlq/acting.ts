// What `replay` and `drop` have in common: what is meant, whether it is wanted, and that it is done to one letter after the other.
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { actorOf } from '../../ops/dlq/audit.ts'
import { campaign } from '../../ops/dlq/campaign.ts'
import type { Destination } from '../../ops/dlq/destinations.ts'
import type { Edit } from '../../ops/dlq/edit.ts'
import { compileLetterExpression } from '../../ops/dlq/filter.ts'
import type { Ledger } from '../../ops/dlq/ledger.ts'
import type { Foreign, Letter } from '../../ops/dlq/letter.ts'
import { Operator, type Outcome } from '../../ops/dlq/operator.ts'
import { Selection } from '../../ops/dlq/selection.ts'
import { noCounts } from '../../runtime/counts.ts'
import type { Composition, Telemetry } from '../composition.ts'
import { confirmed } from '../confirmed.ts'
import { EXIT } from '../exit.ts'
import { onStopSignal } from '../signals.ts'
import { auditConnections, openAudit } from './audit.ts'
import { openLetters, type Opened } from './open.ts'
import { startProgress } from '../progress.ts'
import { dryRun, foreseen, report } from './report.ts'

export interface ActingOptions {
  readonly project?: string
  readonly destination: string
  readonly whats: readonly string[]
  readonly where?: string
  readonly group?: string
  readonly all: boolean
  readonly dryRun: boolean
  readonly yes: boolean
  readonly rate?: number
  readonly format: 'text' | 'json'
}

export interface Deed {
  readonly verb: 'replay' | 'drop'
  readonly maxReplays: number
  readonly resend: boolean
  /** More connections, by name. */
  readonly also: (plan: FleetPlan) => Iterable<string>
  readonly edit: (opened: Opened, letters: number) => Promise<Edit | undefined>
  /** What will become of a letter, in words that are the same for many. */
  readonly foresee: (opened: Opened, letter: Letter | Foreign) => string
  readonly act: (
    operator: Operator,
    letter: Letter | Foreign,
    destination: Destination,
  ) => Promise<Outcome>
}

/** Returns the exit code. Rejects with what stops the work: a broker, the ledger or the audit log is away. */
export async function act(
  options: ActingOptions,
  deed: Deed,
  composition: Composition,
): Promise<number> {
  checkAsked(options, deed)
  const opened = await openLetters(
    {
      project: options.project,
      asked: [options.destination],
      needsLedger: true,
      also: (plan) => [...deed.also(plan), ...auditConnections(plan)],
    },
    composition,
  )
  if (opened === undefined) return EXIT.usage
  const telemetry = composition.telemetry(noCounts, { complete: true })
  const stop = new AbortController()
  const signals = onStopSignal(
    (signal) => process.exit(signal === 'SIGINT' ? 130 : 143),
    composition.world.clock,
  )
  void signals.promise.then(() => stop.abort())
  try {
    return await actOn(options, deed, opened, composition, telemetry, stop.signal)
  } finally {
    signals.dispose()
    await opened.close()
    await telemetry.close()
  }
}

/** Before anything is opened: what is asked for is said, and whoever should be asked is there. */
function checkAsked({ whats, where, group, all, dryRun: dry, yes }: ActingOptions, { verb }: Deed) {
  const wrong = (message: string) => {
    throw new SluiceError('SLU1001', { message })
  }
  const some = where !== undefined || group !== undefined
  if (whats.length === 0 && !some && !all)
    wrong(`say which letters to ${verb}: places or event ids, --group, --where, or --all`)
  if (whats.length > 0 && (some || all))
    wrong('name places, or use --group, --where or --all: not both')
  if (all && some) wrong('use --all, or --group and --where: not both')
  if (!yes && !dry && !process.stdin.isTTY)
    wrong(`${verb} asks before it does anything; without a terminal say --yes, or --dry-run`)
}

async function actOn(
  options: ActingOptions,
  deed: Deed,
  opened: Opened,
  composition: Composition,
  { tracer }: Telemetry,
  signal: AbortSignal,
): Promise<number> {
  const { world, env } = composition
  const destination = opened.destinations[0] as Destination
  const ledger = opened.ledger as Ledger
  const selection = await selectionOf(opened, destination, options)
  const known = await ledger.all()
  const ahead = new Map<string, number>()
  let total = 0
  for await (const letter of selection.letters(known)) {
    const words = deed.foresee(opened, letter)
    ahead.set(words, (ahead.get(words) ?? 0) + 1)
    total++
  }
  const edit = await deed.edit(opened, total)
  if (options.format === 'text' && !(options.yes && !options.dryRun))
    process.stdout.write(foreseen(options.destination, ahead, total))
  if (options.dryRun) return dryRun(options.format, ahead)
  const which = total === 1 ? 'this letter' : `these ${total} letters`
  if (total > 0 && !options.yes && !(await confirmed(`${deed.verb} ${which}?`))) return EXIT.failed
  const operator = new Operator({
    reach: opened,
    ledger,
    audit: await openAudit(opened, composition),
    actor: actorOf(env),
    maxReplays: deed.maxReplays,
    resend: deed.resend,
    edit,
    tracer,
    world,
  })
  const progress = startProgress(deed.verb, total, world.clock)
  const done = await campaign(selection.letters(known), {
    clock: world.clock,
    rate: options.rate,
    act: (letter) => deed.act(operator, letter, destination),
    told: () => progress.step(),
    signal,
  }).finally(() => progress.end())
  return report(done, destination, options.format)
}

async function selectionOf(
  opened: Opened,
  destination: Destination,
  { whats, where, group }: ActingOptions,
): Promise<Selection> {
  const filter =
    where === undefined
      ? undefined
      : await compileLetterExpression(opened.plan.root, '--where', where)
  return new Selection(opened, destination, { whats, where: filter, group })
}
