// One page about everything that can go wrong, in the order of the codes.
import { CODES, type Code, type CodeEntry } from '../../workers/core/codes.ts'
import { REASONS } from '../../workers/core/codes/reasons.ts'
import type { Reason } from '../../workers/core/codes/reasons/entry.ts'

const AREAS: readonly (readonly [RegExp, string])[] = [
  [/^SLU01/, 'Files and YAML'],
  [/^SLU02/, 'Shape and values'],
  [/^SLU03[0-2]/, 'Names, schemas and handlers'],
  [/^SLU03[34]/, 'Types'],
  [/^SLU03[56]/, 'Pipeline tests'],
  [/^SLU03[78]/, 'Contracts with an earlier state'],
  [/^SLU039/, 'Changes of what is on the brokers'],
  [/^SLU04/, 'Expressions'],
  [/^SLU05/, 'Combinations that cannot work'],
  [/^SLU10/, 'Usage'],
  [/^SLU11/, 'Environment'],
  [/^SLU125/, 'Clients of other services'],
  [/^SLU12/, 'Brokers as operators see them'],
  [/^SLU50/, 'Messages'],
  [/^SLU51/, 'Handlers and steps'],
  [/^SLU52/, 'Kafka'],
  [/^SLU53/, 'RabbitMQ'],
  [/^SLU54/, 'Redis'],
  [/^SLU55/, 'Delivery'],
  [/^SLU56/, 'Identity'],
  [/^SLU57/, 'Dead letters'],
  [/^SLU58/, 'Jobs'],
  [/^SLU59/, 'The operations API'],
  [/^SLU90/, 'Faults of Sluice itself'],
]

const CLASSES = {
  invalid: 'The message is a dead letter at once: it is bad itself.',
  transient: 'The message is tried again, as `failure.transient` says.',
  defect: 'The message is a dead letter at once: pipeline or handler is wrong.',
} as const

export function errorsPage(): string {
  const codes = (Object.keys(CODES) as Code[])
    .toSorted()
    .map((code) => [code, { ...CODES[code], ...REASONS[code] }] as const)
  const lost = codes.filter(([code]) => !AREAS.some(([form]) => form.test(code)))
  if (lost.length > 0) throw new Error(`no area for ${lost.map(([code]) => code).join(', ')}`)
  const areas = AREAS.map(([form, title]) => {
    const own = codes.filter(([code]) => form.test(code))
    return [`## ${title}`, ...own.map(([code, entry]) => section(code, entry))].join('\n\n')
  })
  return `<!-- Written from the table of codes by npm run generate. -->

# What can go wrong

A code never changes its meaning. \`npx sluice explain SLU0330\` prints the same in a terminal.

${areas.join('\n\n')}
`
}

function section(code: string, entry: CodeEntry & Reason): string {
  const { title, why, fix, example, failure, outage } = entry
  return [
    `### ${code}`,
    `**${title}**`,
    why,
    `Fix: ${fix}`,
    ...(example === undefined
      ? []
      : [`\`\`\`yaml\n# wrong\n${example.wrong}\n# right\n${example.right}\n\`\`\``]),
    ...(outage === true
      ? ['The message waits until the dependency is back; it is no attempt.']
      : failure === undefined
        ? []
        : [CLASSES[failure]]),
  ].join('\n\n')
}
