// Whether a branch has no value at all. True only when that is certain.
import { boundsOf, isEmptyRange, ITEMS, LENGTH, NUMBER, PROPERTIES } from './bounds.ts'
import { branchesOf, itemOf, propertyOf, requiredIn, valuesOf, type Branch } from './branch.ts'
import type { Node } from './document.ts'
import type { Kind } from './kinds.ts'

/** Deeper down nobody looks: a choice is made by fields that are near. */
const DEPTH = 4

/** Of values that fit all of `nodes`, and a branch if one is given. */
export const isEmpty = (nodes: readonly Node[], from?: Branch, depth = 0): boolean =>
  branchesOf(nodes, from).every((branch) => isBranchEmpty(branch, depth))

export function isBranchEmpty(branch: Branch, depth = 0): boolean {
  const values = valuesOf(branch)
  if (values !== undefined) return values.length === 0
  return [...branch.kinds].every((kind) => hasNone(branch, kind, depth))
}

function hasNone(branch: Branch, kind: Kind, depth: number): boolean {
  const { facts } = branch
  switch (kind) {
    case 'null':
    case 'boolean':
      return false
    case 'integer':
      return isEmptyRange(boundsOf(facts, NUMBER, true))
    case 'fraction':
      return isEmptyRange(boundsOf(facts, NUMBER, false))
    case 'string':
      return isEmptyRange(boundsOf(facts, LENGTH, true))
    case 'array': {
      const bounds = boundsOf(facts, ITEMS, true)
      if (isEmptyRange(bounds)) return true
      return (
        bounds.least.at > 0 && depth < DEPTH && isEmpty(itemOf(branch, 0), undefined, depth + 1)
      )
    }
    case 'object':
      if (isEmptyRange(boundsOf(facts, PROPERTIES, true))) return true
      if (depth >= DEPTH) return false
      return [...requiredIn(branch)].some((name) =>
        isEmpty(propertyOf(branch, name), undefined, depth + 1),
      )
  }
}
