// Makes each mistake and each correct variant of the corpus in a copy of its project, and notes what `check` says.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import { compileFleet, type CompiledFleet } from '../../../workers/compile/compile.ts'
import { Diagnostics } from '../../../workers/compile/diagnostics.ts'
import { YamlFile } from '../../../workers/compile/yaml-file.ts'
import { checkTypes } from '../../../workers/compile/types/check.ts'
import type { Edit, Variant } from './corpus.ts'

export const PROJECT = join(import.meta.dirname, 'project')

/** What `check` says, with names as in the project. Files by name where they were edited. */
export interface Answer {
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: ReadonlyMap<string, string>
}

/** A copy at the same depth as the project: what its files import from outside stays where it is. */
export function copyOfProject(): { readonly root: string; remove(): void } {
  const folder = join(import.meta.dirname, '../.sluice')
  mkdirSync(folder, { recursive: true })
  const root = mkdtempSync(join(folder, 'corpus-'))
  cpSync(PROJECT, root, { recursive: true, filter: (path) => !path.endsWith('.sluice') })
  return { root, remove: () => rmSync(root, { recursive: true }) }
}

/** In the order of the variants. */
export async function answers(root: string, variants: readonly Variant[]): Promise<Answer[]> {
  const changed = variants.map(edited)
  const alone = changed.map((texts) => (pipelineOf(texts) === undefined ? texts : undefined))
  const found = Array.from<Answer>({ length: variants.length })
  for (const [index, texts] of alone.entries())
    if (texts !== undefined) found[index] = await answerAlone(root, texts)
  const together = changed.flatMap((texts, index) =>
    pipelineOf(texts) === undefined ? [] : [{ texts, index }],
  )
  for (const [index, answer] of await answersTogether(root, together)) found[index] = answer
  return found
}

/** Texts of the files that are not as in the project. */
export function edited({ file, from, to, also = [] }: Variant): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const edit of [{ file, from, to }, ...also]) texts.set(edit.file, apply(texts, edit))
  return texts
}

function apply(texts: ReadonlyMap<string, string>, { file, from, to }: Edit): string {
  const text = texts.get(file) ?? readFileSync(join(PROJECT, file), 'utf8')
  const times = text.split(from).length - 1
  if (times !== 1) throw new Error(`${file} has ${times} places like ${JSON.stringify(from)}`)
  return text.replace(from, () => to)
}

export async function answerAlone(
  root: string,
  texts: ReadonlyMap<string, string>,
): Promise<Answer> {
  const { diagnostics } = await changedFor(root, texts, () => typed(compileFleet(root)))
  return { diagnostics, texts }
}

async function typed(compiled: CompiledFleet): Promise<CompiledFleet> {
  const checked = await checkTypes(compiled)
  if (checked === undefined) throw new Error('TypeScript is not installed')
  return checked
}

/** The one pipeline that is edited and nothing else: its types can be checked together with those of others. */
function pipelineOf(texts: ReadonlyMap<string, string>): string | undefined {
  const [file, ...others] = texts.keys()
  const isPipeline = /^pipelines\/(?!fleet)/.test(file ?? '')
  return others.length === 0 && isPipeline ? file : undefined
}

interface Job {
  readonly texts: ReadonlyMap<string, string>
  readonly index: number
}

/**
 * Each pipeline is compiled in a project of its own, and one run of TypeScript checks all of them: the types of a
 * pipeline depend on the fleet, the schemas and the handlers, never on another pipeline.
 */
async function answersTogether(root: string, jobs: readonly Job[]): Promise<Map<number, Answer>> {
  const base = compileFleet(root)
  const compiled = []
  for (const { texts, index } of jobs) {
    const { diagnostics, sources } = await changedFor(root, texts, () => compileFleet(root))
    const pipelines = sources.pipelines
      .filter(({ file }) => texts.has(file.file))
      .map((pipeline) => ({ ...pipeline, file: renamed(pipeline.file, aliasOf(index)) }))
    compiled.push({ index, texts, diagnostics, pipelines })
  }
  const pipelines = compiled.flatMap((one) => one.pipelines)
  const checked = await typed({ ...base, sources: { ...base.sources, pipelines } })
  return new Map(
    compiled.map(({ index, texts, diagnostics }) => {
      const [file = ''] = texts.keys()
      const types = checked.diagnostics
        .filter((one) => one.file === aliasOf(index))
        .map((one) => ({ ...one, file }))
      return [index, { diagnostics: Diagnostics.merged(diagnostics, types), texts }]
    }),
  )
}

const aliasOf = (index: number) => `pipelines/variant-${index}.yaml`

const renamed = (file: YamlFile, name: string): YamlFile =>
  Object.assign(Object.create(YamlFile.prototype) as YamlFile, file, { file: name })

async function changedFor<T>(
  root: string,
  texts: ReadonlyMap<string, string>,
  use: () => T | Promise<T>,
): Promise<T> {
  for (const [file, text] of texts) writeFileSync(join(root, file), text)
  const result = await use()
  for (const file of texts.keys()) cpSync(join(PROJECT, file), join(root, file))
  return result
}
