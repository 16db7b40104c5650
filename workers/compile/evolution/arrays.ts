// Arrays: whether all items that a writer may send are taken, one by one and together.
import { boundsOf, isWithin, ITEMS } from './bounds.ts'
import { itemOf, partsOf } from './branch.ts'
import { isEmpty } from './empty.ts'
import type { Finding } from './finding.ts'
import { finding, isSaid, type Question, type Within } from './question.ts'

export function compareArrays(question: Question, within: Within): Finding[] {
  if (!question.branch.kinds.has('array')) return []
  return [
    ...items(question, within),
    ...counted(question),
    ...unique(question),
    ...contained(question),
  ]
}

function items(question: Question, within: Within): Finding[] {
  const { branch, by, near } = question
  const listed = partsOf(by, 'prefixItems').length
  const known = Math.max(...branch.facts.map((fact) => partsOf(fact, 'prefixItems').length), 0)
  const most = mostItems(question)
  const found: Finding[] = []
  // One more than are listed anywhere: all after it are like it.
  for (let index = 0; index <= Math.max(listed, known) && index < most; index++) {
    const reader =
      index < listed ? by.doc.below(by, 'prefixItems', index) : by.doc.below(by, 'items')
    const nodes = itemOf(branch, index)
    if (reader === undefined || isEmpty(nodes)) continue
    if (reader.schema === false) found.push(finding(question, 'limit', 'items', true, 'items'))
    else found.push(...within(nodes, reader, near))
  }
  return found
}

/** Up to the first item that can be none. */
function mostItems({ branch }: Question): number {
  const known = Math.max(...branch.facts.map((fact) => partsOf(fact, 'prefixItems').length), 0)
  const none = Array.from({ length: known + 1 }, (_none, index) => index).find((index) =>
    isEmpty(itemOf(branch, index)),
  )
  return Math.min(boundsOf(branch.facts, ITEMS, true).most.at, none ?? Infinity)
}

function counted(question: Question): Finding[] {
  const { branch, by } = question
  const have = boundsOf(branch.facts, ITEMS, true)
  const actual = { ...have, most: { at: mostItems(question), open: false } }
  const within = isWithin(actual, boundsOf([by], ITEMS, true))
  return [
    ...(within.least ? [] : [finding(question, 'limit', ITEMS.least, true, ITEMS.least)]),
    ...(within.most ? [] : [finding(question, 'limit', ITEMS.most, true, ITEMS.most)]),
  ]
}

function unique(question: Question): Finding[] {
  const { branch, by } = question
  if (by.schema['uniqueItems'] !== true || mostItems(question) <= 1) return []
  if (branch.facts.some(({ schema }) => schema['uniqueItems'] === true)) return []
  return [finding(question, 'limit', 'uniqueItems', true, 'uniqueItems')]
}

function contained(question: Question): Finding[] {
  if (question.by.schema['contains'] === undefined) return []
  if (isSaid(question, 'contains', ['minContains', 'maxContains'])) return []
  return [finding(question, 'refused', 'contains', false, 'contains')]
}
