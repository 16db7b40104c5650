// Says what TypeScript found in the words of those who write pipelines: what, of what, and what to do about it.
import type { Here } from '../here.ts'
import type { Said } from '../tsc.ts'
import { shortened } from '../type-text.ts'
import { extraField, missingFields } from './fields.ts'
import type { Explain, Finding, Words } from './finding.ts'
import { mismatch, noOverload } from './mismatch.ts'
import { maybeMissing, unknownType } from './missing.ts'
import { noList } from './no-list.ts'
import { noOverlap, wrongOperands } from './operands.ts'
import { unknownProperty } from './property.ts'

export function explain(said: Said, here: Here): Finding | undefined {
  const words = noList(said, here) ?? (BY_CODE[said.code] ?? other)(said, here)
  if (words === undefined) return undefined
  return { from: here.offset, to: wordEnd(here), ...words }
}

const BY_CODE: Readonly<Record<number, Explain>> = {
  2339: unknownProperty,
  2551: unknownProperty,
  18047: maybeMissing,
  18048: maybeMissing,
  18049: maybeMissing,
  2531: maybeMissing,
  2532: maybeMissing,
  2533: maybeMissing,
  18046: unknownType,
  2571: unknownType,
  2367: noOverlap,
  2362: wrongOperands,
  2363: wrongOperands,
  2365: wrongOperands,
  2353: extraField,
  2561: extraField,
  2739: missingFields,
  2740: missingFields,
  2741: missingFields,
  2322: mismatch,
  2345: mismatch,
  2820: mismatch,
  2769: noOverload,
}

function other({ text }: Said): Words {
  const hint =
    text.length > 1
      ? shortened(text.at(-1) ?? '', 160)
      : 'the types of this expression do not fit together'
  return { code: 'SLU0341', message: shortened(text[0] ?? '', 200), hint }
}

/** Of the word or the text that begins there. */
function wordEnd({ anatomy, offset }: Here): number {
  const [word] = /^(?:[\w$]+|'[^']*'|"[^"]*")/.exec(anatomy.text.slice(offset)) ?? ['x']
  return offset + word.length
}
