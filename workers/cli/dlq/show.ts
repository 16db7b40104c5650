// `sluice dlq show`: one dead letter in full; secrets in it are hidden unless they are asked for.
import { isoTime } from '../../core/clock.ts'
import { actorOf } from '../../ops/dlq/audit.ts'
import type { Destination } from '../../ops/dlq/destinations.ts'
import { findLetters } from '../../ops/dlq/find.ts'
import { placeText, type Foreign, type Letter } from '../../ops/dlq/letter.ts'
import type { Entry } from '../../ops/dlq/ledger.ts'
import { letterJson, renderLetter } from '../../ops/dlq/render-letter.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { useColor } from '../project.ts'
import { auditConnections, openAudit } from './audit.ts'
import { openLetters, type Opened } from './open.ts'

export interface ShowOptions {
  readonly project?: string
  readonly destination: string
  readonly what: string
  readonly reveal: boolean
  readonly format: 'text' | 'json'
}

export async function show(options: ShowOptions, composition: Composition): Promise<number> {
  const { destination: name, what, reveal, format } = options
  const opened = await openLetters(
    {
      project: options.project,
      asked: [name],
      needsLedger: false,
      also: reveal ? auditConnections : () => [],
    },
    composition,
  )
  if (opened === undefined) return EXIT.usage
  try {
    const { plan, destinations } = opened
    for (const destination of destinations) {
      const style = {
        color: useColor(process.stdout),
        stream: destination.kind === 'stream',
        reveal,
        plan,
      }
      const letters = await findLetters(opened, destination, what)
      if (reveal) await noteRevealed(letters, destination, opened, composition)
      const entries: (Entry | undefined)[] = []
      for (const { key } of letters) entries.push(await opened.ledger?.read(key))
      if (format === 'json') {
        const shown = letters.map((letter, at) => letterJson(letter, entries[at], style))
        process.stdout.write(`${JSON.stringify({ version: 1, letters: shown })}\n`)
      } else
        process.stdout.write(
          letters.map((letter, at) => renderLetter(letter, entries[at], style)).join('\n'),
        )
    }
    return EXIT.ok
  } finally {
    await opened.close()
  }
}

/** Who saw a secret is written down before it is shown. */
async function noteRevealed(
  letters: readonly (Letter | Foreign)[],
  { name, kind }: Destination,
  opened: Opened,
  composition: Composition,
): Promise<void> {
  const audit = await openAudit(opened, composition)
  for (const letter of letters)
    await audit.write({
      version: 1,
      time: isoTime(composition.world.clock.now()),
      actor: actorOf(composition.env),
      command: 'dlq show --reveal',
      fleet: opened.plan.fleet,
      destination: name,
      place: placeText(letter.spot, kind === 'stream'),
      letter: letter.key,
      event: letter.kind === 'letter' ? (letter.id ?? null) : null,
      outcome: 'revealed',
    })
}
