// `sluice dlq show`: one dead letter in full; secrets in it are hidden unless they are asked for.
import { findLetters } from '../../ops/dlq/find.ts'
import type { Entry } from '../../ops/dlq/ledger.ts'
import { letterJson, renderLetter } from '../../ops/dlq/render-letter.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { useColor } from '../project.ts'
import { openLetters } from './open.ts'

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
    { project: options.project, asked: [name], needsLedger: false },
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
