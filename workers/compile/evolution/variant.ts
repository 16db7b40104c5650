// What a branch is called where a schema holds alternatives.
import type { Branch, Fact } from './branch.ts'

/** The alternative that a branch has taken, and what it leads to. */
export function variantIn({ facts }: Branch): readonly Fact[] {
  const isAlternative = ({ path }: Fact) => ['anyOf', 'oneOf'].includes(String(path.at(-2)))
  const from = facts.findLastIndex(isAlternative)
  return from === -1 ? [] : facts.slice(from)
}

/** What people call a variant: its title, or what refers to it. */
export function labelOf(branch: Branch): string {
  const said = (keyword: string) =>
    variantIn(branch)
      .map(({ schema }) => schema[keyword])
      .findLast((value) => typeof value === 'string')
  return said('title') ?? said('$ref') ?? ''
}
