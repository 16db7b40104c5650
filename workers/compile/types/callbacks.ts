// Lets what a condition said hold inside `x => …` as well: TypeScript remembers it there for constants only, so expressions
// name constants that hold the event and its data. No character moves: a place in the text stays the place in the YAML.
import type { AnyNode } from 'acorn'
import { Anatomy, children, keyOf } from './anatomy.ts'

/** Of `event.data`, and of the event as a whole; as long as `event` is. */
export const DATA = '$data'
export const SELF = '$self'

/** The text with `event.data`, and for steps the bare `event`, replaced; spaces for what is left over. */
export function withConstants(text: string, isOfStep: boolean): string {
  const { root } = new Anatomy(text)
  if (root === undefined || !text.includes('event')) return text
  const out = text.split('')
  const put = (from: number, to: number, name: string) => {
    for (let at = from; at < to; at++)
      out[at] = name[at - from] ?? (/\s/.test(text[at] as string) ? (text[at] as string) : ' ')
  }
  const visit = (node: AnyNode): void => {
    if (node.type === 'ArrowFunctionExpression' && node.params.some(isEvent)) return
    if (node.type === 'MemberExpression' && isEvent(node.object)) {
      const between = text.slice(node.object.end, node.end)
      if (isData(node) && /^\s*(\??\.\s*data|(\?\.\s*)?\[\s*['"`]data['"`]\s*\])$/.test(between))
        put(node.start, node.end, DATA)
      if (node.computed) visit(node.property)
      return
    }
    if (node.type === 'Property') {
      // `{ event }` is a name and a value at one place.
      if (!node.shorthand) visit(node.value)
      return
    }
    if (isOfStep && isEvent(node)) put(node.start, node.end, SELF)
    else if (node.type === 'MemberExpression' && !node.computed) visit(node.object)
    else for (const child of children(node)) visit(child)
  }
  visit(root)
  return out.join('')
}

/** What TypeScript says of the constants, said of what was written. */
export const asWritten = (said: string): string =>
  said.replaceAll(DATA, 'event.data').replaceAll(SELF, 'event')

const isEvent = (node: AnyNode) => node.type === 'Identifier' && node.name === 'event'

const isData = (node: Extract<AnyNode, { type: 'MemberExpression' }>) =>
  node.computed ? node.property.type === 'Literal' : keyOf(node.property) === 'data'
