// A plan as JSON, with a hash of all that would be done and where; what is saved is carried out only as it was seen.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import stringify from 'safe-stable-stringify'
import { parse } from 'secure-json-parse'
import { writeFile } from '../compile/write-file.ts'
import { asError, SluiceError } from '../core/errors.ts'
import { FLAGS, plain, type Change, type Flag, type Plan } from './changes.ts'

export interface PlanDocument {
  readonly version: 1
  readonly hash: string
  readonly fleet: string
  readonly prefix: string
  readonly targets: Readonly<Record<string, string>>
  readonly allow: readonly Flag[]
  readonly changes: readonly Change[]
  readonly refused: number
  readonly drift: Plan['drift']
  /** Connections of which only what is missing is known (SLU1142). */
  readonly uncompared: readonly string[]
}

export function documentOf(plan: Plan): PlanDocument {
  const { fleet, prefix, allow, places, drift } = plan
  const content = {
    fleet,
    prefix,
    targets: Object.fromEntries(places.map(({ connection, target }) => [connection, target])),
    allow,
    changes: plan.changes.map(plain),
  }
  return {
    version: 1,
    hash: hashOf(content),
    ...content,
    refused: content.changes.filter(({ risk }) => risk === 'refused').length,
    drift,
    uncompared: places.filter(({ compared }) => !compared).map(({ connection }) => connection),
  }
}

type Hashed = Pick<PlanDocument, 'fleet' | 'prefix' | 'targets' | 'allow' | 'changes'>

function hashOf({ fleet, prefix, targets, allow, changes }: Hashed): string {
  const deeds = changes.map(deedOf)
  const text = stringify({ version: 1, fleet, prefix, targets, allow, deeds }) as string
  return createHash('sha256').update(text).digest('hex')
}

/** What would be done, without the words around it and the line of fleet.yaml. */
const deedOf = ({ symbol, kind, connection, name, field, from, to, risk }: Change): string =>
  stringify({ symbol, kind, connection, name, field, from, to, risk }) as string

export const save = (file: string, document: PlanDocument): void =>
  writeFile(file, `${JSON.stringify(document, null, 2)}\n`)

const MAX_BYTES = 16 * 1024 * 1024

/** Rejects what is no plan, and one that was changed by hand: SLU0397. */
export function readSaved(file: string): PlanDocument {
  const wrong = (why: string, cause?: unknown) =>
    new SluiceError('SLU0397', { message: `${file} is not a saved plan: ${why}`, cause })
  let document: PlanDocument
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error('it is too large')
    document = parse(readFileSync(file, 'utf8')) as PlanDocument
  } catch (thrown) {
    throw wrong(asError(thrown).message, thrown)
  }
  if (typeof document !== 'object' || document === null || document.version !== 1)
    throw wrong('it is not of version 1')
  const { changes, allow, hash } = document
  const whole =
    Array.isArray(changes) &&
    Array.isArray(allow) &&
    allow.every((flag) => FLAGS.includes(flag)) &&
    changes.every((change) => typeof change === 'object' && change !== null)
  if (!whole) throw wrong('parts of it are missing')
  if (hashOf(document) !== hash) throw wrong('its hash is not that of its content')
  return document
}

/**
 * Passes when everything that is to be done now was in the saved plan, in just that way; what is done already is no
 * difference, so that an interrupted apply goes on. Else rejects with SLU0396 naming the first difference.
 */
export function requireSame(saved: PlanDocument, now: PlanDocument): void {
  const stale = (why: string) => {
    throw new SluiceError('SLU0396', { message: `the plan does not hold any more: ${why}` })
  }
  if (saved.hash === now.hash) return
  for (const part of ['fleet', 'prefix', 'targets'] as const) {
    const [before, after] = [saved[part], now[part]].map((value) => stringify(value) ?? '')
    if (before !== after) stale(`its ${part} was ${before} and is ${after}`)
  }
  const seen = new Set(saved.changes.map(deedOf))
  const news = now.changes.find((change) => !seen.has(deedOf(change)))
  if (news !== undefined) {
    const { symbol, kind, name, field } = news
    stale(`${symbol} ${kind} ${name}${field === null ? '' : ` ${field}`} was not in it like that`)
  }
}
