// Says what TypeScript found about handlers: that a file is none, that its result does not fit, that its own code is wrong.
import type { Words } from './words/finding.ts'
import type { Slot } from './sheet.ts'
import type { Said } from './tsc.ts'
import { shortened } from './type-text.ts'

/** For what stands at the name of a handler; undefined when the slot is an expression's. */
export function explainHandler(said: Said, slot: Slot): Words | undefined {
  if (slot.kind === 'handler') {
    const file = `workers/handlers/${slot.handler}.ts`
    return {
      code: 'SLU0342',
      message: `handler ${slot.handler} is no function`,
      hint: `give ${file} one function as its default export`,
    }
  }
  if (slot.kind !== 'result') return undefined
  const missing = said.text.find((line) => line.includes(' missing '))
  const why = plain(missing ?? said.text.at(-1) ?? '')
  return {
    code: 'SLU0338',
    message: `what handler ${slot.handler} returns does not fit ${slot.schema}, which cache ${slot.cache} holds`,
    hint: `${why}: mend workers/handlers/${slot.handler}.ts, or the schema`,
  }
}

const plain = (line: string): string =>
  shortened(
    line
      .replace(
        /^Property '(.+?)' is missing in type .* but required in type .*$/,
        '"$1" is missing',
      )
      .replace(/^Type .* is missing the following properties from type .*: (.+)$/, 'it lacks $1')
      .replace(/^Types of property '(.+?)' are incompatible\.$/, '"$1" has another type')
      .replace(
        /^(?:Argument of t|T)ype '(.*)' is not assignable to (?:parameter of )?type '(.*)'\.$/,
        '$1 is not $2',
      ),
    160,
  )

/** In the code of the project itself the words of TypeScript are the right ones. */
export function explainCode({ text, code }: Said): Pick<Words, 'code' | 'message' | 'hint'> {
  const generated = /generated\//.test(text[0] ?? '')
  return {
    code: 'SLU0339',
    message: `TS${code}: ${shortened(text[0] ?? '', 240)}`,
    hint:
      text.length > 1
        ? shortened(text.at(-1) ?? '', 200)
        : generated
          ? 'write the generated types again: npx sluice types'
          : 'mend it; after a change of a schema also: npx sluice types',
  }
}
