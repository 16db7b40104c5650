// `sluice dlq list`: what there is among the dead letters, by reason; looking changes nothing.
import { fingerprint } from '../../ops/dlq/fingerprint.ts'
import { lettersOf, streamsAmong, type Destination } from '../../ops/dlq/destinations.ts'
import { compileLetterExpression, matches, scopeOf } from '../../ops/dlq/filter.ts'
import { statusOf, type Entry, type Status } from '../../ops/dlq/ledger.ts'
import { renderEntries, renderSurvey } from '../../ops/dlq/render-survey.ts'
import { surveyJson } from '../../ops/dlq/survey-json.ts'
import { Survey } from '../../ops/dlq/survey.ts'
import type { Composition } from '../composition.ts'
import { EXIT } from '../exit.ts'
import { useColor } from '../project.ts'
import { openLetters } from './open.ts'

export interface ListOptions {
  readonly project?: string
  readonly destinations: readonly string[]
  readonly where?: string
  readonly status?: Status
  readonly letters: boolean
  readonly limit: number
  readonly format: 'text' | 'json'
}

export async function list(options: ListOptions, composition: Composition): Promise<number> {
  const opened = await openLetters(
    { project: options.project, asked: options.destinations, needsLedger: false },
    composition,
  )
  if (opened === undefined) return EXIT.usage
  try {
    const { plan, destinations } = opened
    const { where, status: wanted } = options
    const filter =
      where === undefined ? undefined : await compileLetterExpression(plan.root, '--where', where)
    const known = (await opened.ledger?.all()) ?? new Map<string, Entry>()
    const survey = new Survey({
      statusOf: ({ key }) => statusOf(known.get(key)),
      wanted: (letter, status) =>
        (wanted === undefined || status === wanted) &&
        (filter === undefined || matches(filter, scopeOf(letter, fingerprint(letter)))),
      keep: options.letters ? options.limit : 0,
    })
    for (const destination of destinations)
      for await (const letter of lettersOf(opened, destination)) survey.add(letter)
    print(options, survey, destinations)
    return EXIT.ok
  } finally {
    await opened.close()
  }
}

function print(
  { letters, format }: ListOptions,
  survey: Survey,
  destinations: readonly Destination[],
): void {
  const out = process.stdout
  if (format === 'json') {
    out.write(`${JSON.stringify(surveyJson(survey, destinations, letters))}\n`)
    return
  }
  const width = out.isTTY ? out.columns : 1_000
  const style = { color: useColor(out), width, isStream: streamsAmong(destinations) }
  const names = destinations.map(({ name }) => name)
  out.write(letters ? renderEntries(survey, style) : renderSurvey(survey, names, style))
}
