// One question of a comparison: do the values of a branch fit a schema?
import type { Path } from '../yaml-file.ts'
import type { Branch, Fact } from './branch.ts'
import type { Node } from './document.ts'
import type { Finding, FindingKind } from './finding.ts'
import { sameKeyword } from './same.ts'

export interface Question {
  readonly branch: Branch
  readonly by: Fact
  /** The place of the branch when it has no facts of its own. */
  readonly near: Path
}

export type Within = (nodes: readonly Node[], by: Node, near: Path) => Finding[]

/** A fact says the same, word for word; `others` are the keywords that a keyword depends on. */
export const isSaid = (
  { branch, by }: Question,
  keyword: string,
  others: readonly string[] = [],
): boolean =>
  !keyword.startsWith('unevaluated') &&
  branch.facts.some((fact) => [keyword, ...others].every((each) => sameKeyword(fact, by, each)))

/** `keyword` is where the reader refuses; the writer is described by the same one, if it has it. */
export function finding(
  { branch, by, near }: Question,
  kind: FindingKind,
  what: string,
  certain = true,
  keyword?: string,
): Finding {
  const fact =
    branch.facts.findLast(
      ({ schema }) => keyword !== undefined && Object.hasOwn(schema, keyword),
    ) ?? branch.facts.at(-1)
  const has = (node: Fact) => keyword !== undefined && Object.hasOwn(node.schema, keyword)
  const place = (node: Fact) =>
    keyword !== undefined && has(node) ? [...node.path, keyword] : node.path
  return { kind, what, certain, from: fact === undefined ? near : place(fact), by: place(by) }
}
