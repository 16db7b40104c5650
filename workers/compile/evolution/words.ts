// Says what a comparison found, from where the change was made: each finding in two directions.
import type { Code } from '../../core/codes.ts'
import type { Contract, Direction, Section } from './contracts.ts'
import type { Finding, FindingKind } from './finding.ts'

interface Said {
  readonly code: Code
  /** Readers have the new schema, and writers the old one. */
  readonly backward: (what: string) => string
  readonly forward: (what: string) => string
  readonly hints: Readonly<Record<Direction, string>>
}

const either = (text: string) => ({ backward: text, forward: text })

const LATER =
  'let all readers have the new schema first (compatibility: backward until then), and write it after that'

const SAID: Readonly<Record<FindingKind, Said>> = {
  required: {
    code: 'SLU0376',
    backward: (name) => `"${name}" must be there now`,
    forward: (name) => `"${name}" may be missing now`,
    hints: {
      backward: 'leave it optional until no value without it is left, and require it after that',
      forward: 'keep it required: readers of the old schema count on it',
    },
  },
  closed: {
    code: 'SLU0377',
    backward: (name) =>
      name === '' ? 'fields that are not listed are refused now' : `"${name}" is refused now`,
    forward: (name) =>
      name === ''
        ? 'fields that are not listed may come now'
        : `"${name}" may come now, and the old schema refuses what it does not list`,
    hints: { backward: 'keep it as an optional property until no value has it', forward: LATER },
  },
  type: {
    code: 'SLU0378',
    backward: (kinds) => `${kinds} is no longer taken`,
    forward: (kinds) => `${kinds} may come now`,
    hints: {
      backward: 'take both, or add a property under another name and retire this one later',
      forward: 'add a property under another name: readers of the old schema refuse this one',
    },
  },
  value: {
    code: 'SLU0379',
    backward: (value) =>
      value === '' ? 'only listed values are taken now' : `the value ${value} is no longer taken`,
    forward: (value) =>
      value === '' ? 'values that are not listed may come now' : `the value ${value} may come now`,
    hints: { backward: 'keep taking it until no value has it', forward: LATER },
  },
  limit: {
    code: 'SLU0380',
    backward: (keyword) => `"${keyword}" is tighter now`,
    forward: (keyword) => `"${keyword}" is looser now`,
    hints: {
      backward: 'keep the old limit for readers, and let writers keep the new one',
      forward: LATER,
    },
  },
  form: {
    code: 'SLU0381',
    ...bothWays((keyword) => `"${keyword}" asks for another form now`),
    hints: either('add a property under another name for the new form'),
  },
  variant: {
    code: 'SLU0382',
    backward: (name) => `the variant${quoted(name)} is no longer taken`,
    forward: (name) => `the variant${quoted(name)} is new`,
    hints: { backward: 'keep taking it until none is left', forward: LATER },
  },
  refused: {
    code: 'SLU0383',
    backward: (keyword) =>
      keyword === '' ? 'nothing is taken here any more' : `"${keyword}" is not what it was`,
    forward: (keyword) =>
      keyword === ''
        ? 'values may come now where the old schema takes none'
        : `"${keyword}" is not what it was`,
    hints: either('write what differs as properties of their own, so that it can be compared'),
  },
  unlisted: {
    code: 'SLU0377',
    backward: (name) => `"${name}" is described now, and anything could stand there before`,
    forward: (name) => `"${name}" is not described any more: anything may stand there now`,
    hints: {
      backward: 'if nobody has written it so far, nothing breaks',
      forward: 'if nobody writes it any more, nothing breaks',
    },
  },
}

export interface Words {
  readonly code: Code
  readonly message: string
  readonly hint: string
}

export function wordsFor(
  contract: Contract,
  direction: Direction,
  found: Finding,
  pointer: string,
): Words {
  const said = SAID[found.kind]
  const what = said[direction](found.what.slice(0, 100))
  const message = `${verdict(contract, direction, found.certain)}: ${what}, at #${pointer}; ${usersOf(contract)}`
  const hint = hintFor(contract, direction, said.hints[direction])
  return { code: found.certain ? said.code : 'SLU0375', message, hint }
}

export const titleOf = ({ section, name }: Contract): string => `${SINGULAR[section]} "${name}"`

/** Which pipelines are concerned. */
export function usersOf({ readers, writers }: Contract): string {
  const users = [
    ...(readers.length > 0 ? [`read by ${readers.join(', ')}`] : []),
    ...(writers.length > 0 ? [`written by ${writers.join(', ')}`] : []),
  ]
  return users.length > 0 ? users.join(', ') : 'no pipeline here reads or writes it'
}

const verdict = (contract: Contract, direction: Direction, certain: boolean) =>
  `${titleOf(contract)} ${certain ? 'is not' : 'cannot be proven'} ${direction} compatible`

function hintFor({ section }: Contract, direction: Direction, hint: string): string {
  if (section === 'caches' && direction === 'backward')
    return 'every old entry would be loaded again: give the cache another name, or write compatibility: none if that is fine'
  return hint
}

const SINGULAR: Readonly<Record<Section, string>> = {
  topics: 'topic',
  exchanges: 'exchange',
  queues: 'queue',
  jobs: 'queue of jobs',
  stores: 'store',
  caches: 'cache',
}

function bothWays(say: (what: string) => string) {
  return { backward: say, forward: say }
}

function quoted(name: string): string {
  return name === '' ? '' : ` "${name}"`
}
