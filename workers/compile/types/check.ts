// Checks the types of every expression and hand-over of a fleet with TypeScript, and says what is wrong where it is written.
import { join, relative, resolve } from 'node:path'
import type { CompiledFleet, FleetSources } from '../compile.ts'
import { SluiceError } from '../../core/errors.ts'
import { Diagnostics } from '../diagnostics.ts'
import { placeIn } from '../expression/place.ts'
import { Anatomy } from './anatomy.ts'
import { answered } from './answers.ts'
import { asWritten } from './callbacks.ts'
import { FOLDER, modulesOf, writeModules } from './folder.ts'
import { withoutFollowUps, type Heard } from './follow-ups.ts'
import { explainCode, explainHandler } from './handler-words.ts'
import { checkLiterals } from './literals.ts'
import { fileOfHandler, hintOfStale, sayStale, staleTypes } from './stale.ts'
import { findTsc, type Said } from './tsc.ts'
import { explain } from './words/index.ts'
import { valuesLeft } from './words/rest.ts'

/** The fleet with the mistakes in its types added, and no plan if there are any; undefined where TypeScript is not installed. */
export async function checkTypes<Fleet extends CompiledFleet>(
  compiled: Fleet,
  find: () => Promise<string | undefined> = findTsc,
): Promise<CompiledFleet | undefined> {
  const tsc = await find()
  if (tsc === undefined) return undefined
  const found = typeDiagnostics(compiled.sources, tsc)
  const diagnostics = Diagnostics.merged(compiled.diagnostics, found.sorted())
  if (!found.failed) return { ...compiled, diagnostics }
  return { ...compiled, plan: undefined, modules: {}, diagnostics }
}

function typeDiagnostics(sources: FleetSources, tsc: string): Diagnostics {
  const { root } = sources
  const { files, sheets } = modulesOf(sources)
  writeModules(root, files)
  const out = new Diagnostics()
  const heard: Heard[] = []
  for (const answer of answered(root, tsc, files)) {
    const said = { ...answer, text: answer.text.map(asWritten) }
    const sheet = sheets.get(said.file)
    const pipeline = sheet?.pipeline
    const spot = sheet?.sheet.find(said.line, said.column)
    if (pipeline !== undefined && spot !== undefined) heard.push({ said, pipeline, ...spot })
    else if (sheet === undefined) code(root, said, out)
    else if (isSyntax(said)) throw unreadable(said)
  }
  const whole = withoutFollowUps(heard, sources)
  // Types of handlers that were written before the pipeline was changed make what is right look wrong.
  const ofHandlers = out.failed || whole.some(({ piece }) => handlerOf(piece) !== undefined)
  const stale = staleTypes(sources, ofHandlers ? tsc : undefined)
  for (const one of whole) say(one, sources, stale, out)
  checkLiterals(sources, out)
  sayStale(stale, out)
  return out
}

/** After an error of syntax TypeScript says nothing of types at all: a mistake of ours must not pass for their being right. */
const isSyntax = ({ code: number }: Said) => number >= 1000 && number < 1200

const unreadable = ({ file, line, code: number, text }: Said) =>
  new SluiceError('SLU9001', {
    message: `the types of ${file}:${line} were written wrongly: TS${number} ${text[0] ?? ''}`,
  })

/** What the words are about besides the pipeline itself. */
const handlerOf = ({ slot }: Heard['piece']): string | undefined =>
  'handler' in slot ? slot.handler : undefined

function say(
  { said, pipeline, piece, offset }: Heard,
  sources: FleetSources,
  stale: ReadonlySet<string>,
  out: Diagnostics,
): void {
  const { slot, path, text } = piece
  const handler = handlerOf(piece)
  const isStale = handler !== undefined && stale.has(fileOfHandler(handler))
  const { file } = pipeline
  if (slot.kind === 'rest') {
    const words = valuesLeft(said, slot)
    if (words !== undefined) out.warning(words.code, file.key(path), words.message, words.hint)
    return
  }
  if (text === undefined) {
    const words = explainHandler(said, slot)
    if (words === undefined) return
    const hint = isStale ? hintOfStale(handler) : words.hint
    out.error(words.code, file.at(path), words.message, hint)
    return
  }
  const here = { piece, offset, pipeline, sources, anatomy: new Anatomy(text) }
  const words = explain(said, here)
  if (words === undefined) return
  const hint = isStale && words.code === 'SLU0337' ? hintOfStale(handler) : words.hint
  out.error(words.code, placeIn(file, path, words.from, words.to), words.message, hint)
}

/** What is wrong in files of the project: handlers, and what they import. Ours are right, and what they lack is said elsewhere. */
function code(root: string, said: Said, out: Diagnostics): void {
  const folder = join(root, FOLDER)
  const file = relative(root, resolve(folder, said.file)).replaceAll('\\', '/')
  if (said.file !== '' && file.startsWith(`${FOLDER}/`) && !file.endsWith('tsconfig.json')) return
  const { code: number, message, hint } = explainCode(said)
  const place = {
    file: said.file === '' ? 'tsconfig.json' : file,
    line: said.line,
    column: said.column,
  }
  out.error(number, { ...place, length: 1 }, message, hint)
}
