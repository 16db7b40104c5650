// Says that a value may be missing, or that nothing is known of it.
import { conditional, type Here } from '../here.ts'
import { allSteps } from '../../../core/plan-walk.ts'
import type { Said } from '../tsc.ts'
import { shortened } from '../type-text.ts'
import { extent, type Words } from './finding.ts'

export function maybeMissing({ text, code: number }: Said, here: Here): Words {
  const { anatomy, offset } = here
  const named = /^'(.+)' is possibly/.exec(text[0] ?? '')?.[1]
  const node = named === undefined ? anatomy.readFrom(offset) : anatomy.named(offset, named)
  const what = node === undefined ? (named ?? 'it') : anatomy.source(node)
  const missing = MISSING[number] ?? 'undefined'
  return {
    code: 'SLU0334',
    message: `"${shortened(what, 60)}" is possibly ${missing}`,
    hint: anatomy.isOperand(offset, what)
      ? `write (${shortened(what, 40)} ?? 0), or what else counts when it is missing`
      : missingHint(what, here, `read it with ${shortened(what, 40)}?.…`, 'read on with (…)?.…'),
    from: offset,
    to: offset + what.length,
  }
}

const MISSING: Readonly<Record<number, string>> = {
  18047: 'null',
  2531: 'null',
  18049: 'null or undefined',
  2533: 'null or undefined',
}

/** `read` says how to go on without it. */
export function missingHint(
  what: string,
  here: Here,
  read: string,
  otherwise = 'give it a value for when it is missing: (…) ?? …',
): string {
  const step = conditional(what, here)
  if (!/^[\w$.?[\]'"]+$/.test(what)) return otherwise
  return step === undefined
    ? `${read}, or test ${shortened(what, 40)} first`
    : `step "${step}" has a \`when\`, so it may have no value: ${read}, or test ${step} !== undefined first`
}

export function unknownType({ text }: Said, here: Here): Words {
  const { anatomy, offset, pipeline } = here
  const said = /^'(.+)' is of type/.exec(text[0] ?? '')?.[1]
  const node = anatomy.named(offset, said)
  const what = node === undefined ? (said ?? 'it') : anatomy.source(node)
  const step = allSteps(pipeline.plan).find(({ id }) => id === what)
  const hint =
    step?.kind === 'call'
      ? `handler ${step.call.handler} does not say what it returns: give it a return type`
      : 'its schema says nothing about it: describe it there'
  const message = `nothing is known about "${shortened(what, 60)}"`
  return { code: 'SLU0331', message, hint, ...extent(node) }
}
