// Writes what TypeScript is to check below .sluice/types/: modules, types of schemas, and its settings.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, parse, resolve } from 'node:path'
import { ALERT_SCHEMA } from '../../core/alert.ts'
import type { FleetSources } from '../compile.ts'
import { writeFile } from '../write-file.ts'
import { ALERT_FILE, alertingModule, checkedAlerting } from './alerting-module.ts'
import type { Checked } from './checked.ts'
import { inputsModule, pipelineModule } from './pipeline-module.ts'
import { PRELUDE } from './prelude.ts'
import { schemaTypes } from './schema-types.ts'
import type { Sheet } from './sheet.ts'

export const FOLDER = '.sluice/types'

export interface Written {
  /** Texts by file below the folder. */
  readonly files: ReadonlyMap<string, string>
  /** By the file of its module, with what it is made from. */
  readonly sheets: ReadonlyMap<string, { readonly sheet: Sheet; readonly pipeline: Checked }>
}

/** What all pipelines build on. */
function basis(sources: FleetSources) {
  const files = new Map<string, string>([['prelude.ts', PRELUDE]])
  const roots = new Map<string, string>()
  for (const [name, schema] of Object.entries(sources.schemas)) {
    const { text, root } = schemaTypes(name, schema)
    files.set(`schemas/${name}.ts`, text)
    roots.set(name, root)
  }
  return { files, roots }
}

/** All that is to be checked; touches no file. */
export function modulesOf(sources: FleetSources): Written {
  const { files, roots } = basis(sources)
  const sheets = new Map<string, { sheet: Sheet; pipeline: Checked }>()
  sources.pipelines.forEach((pipeline, index) => {
    const sheet = pipelineModule(pipeline, sources, roots)
    const file = `pipelines/${moduleName(pipeline.file.file, index)}.ts`
    sheets.set(file, { sheet, pipeline })
    files.set(file, sheet.text)
  })
  const { alerting } = sources
  if (alerting !== undefined) {
    const sheet = alertingModule(alerting, sources, roots)
    sheets.set('alerting.ts', { sheet, pipeline: checkedAlerting(alerting) })
    files.set('alerting.ts', sheet.text)
    files.set(ALERT_FILE, schemaTypes('alert', ALERT_SCHEMA).text)
  }
  files.set('tsconfig.json', settings(sources.root, [...files.keys()]))
  return { files, sheets }
}

export const INPUTS = 'inputs'

/** A function for each call of a handler; what these return is what handlers are given. The file is the index of the pipeline. */
export function inputModulesOf(sources: FleetSources): ReadonlyMap<string, string> {
  const { files, roots } = basis(sources)
  const names = sources.pipelines.map((pipeline, index) => {
    files.set(`${INPUTS}/${index}.ts`, inputsModule(pipeline, sources, roots))
    return `${index}.ts`
  })
  files.set('tsconfig.json', settings(sources.root, []))
  const compilerOptions = {
    noEmit: false,
    noEmitOnError: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: parse(resolve(sources.root)).root,
    outDir: 'declared',
  }
  const whole = { extends: '../tsconfig.json', compilerOptions, files: names }
  files.set(`${INPUTS}/tsconfig.json`, `${JSON.stringify(whole, undefined, 2)}\n`)
  return files
}

/** Of files that are odd the number says which it is. */
function moduleName(file: string, index: number): string {
  const name = file.replace(/^pipelines\//, '').replace(/\.ya?ml$/, '')
  return /^[a-z0-9][a-z0-9_-]*$/.test(name)
    ? name
    : `${index}.${name.replace(/[^A-Za-z0-9]/g, '_').slice(0, 60)}`
}

/** Writes what has changed and removes what is left over; readers never see half a file. */
export function writeModules(root: string, files: ReadonlyMap<string, string>): void {
  const folder = join(root, FOLDER)
  for (const [file, text] of files) {
    const path = join(folder, file)
    if (contentOf(path) !== text) writeFile(path, text)
  }
  const modules = join(folder, 'pipelines')
  for (const entry of existsSync(modules) ? readdirSync(modules) : [])
    if (entry.endsWith('.ts') && !files.has(`pipelines/${entry}`))
      rmSync(join(modules, entry), { force: true })
}

/** Strict, whatever the project says for itself: a type that may be anything checks nothing. */
function settings(root: string, files: readonly string[]): string {
  const own = existsSync(join(root, 'tsconfig.json')) ? { extends: '../../tsconfig.json' } : {}
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024'],
    ...moduleSettings(root),
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationDir: null,
    outDir: null,
    rootDir: null,
    strict: true,
    // A field that is undefined is left out of what is sent.
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    noImplicitReturns: false,
    allowUnreachableCode: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    ...nodeTypes(root),
  }
  const whole = { ...own, compilerOptions, include: [], files }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}

/** Node runs handlers as modules whether package.json says so or not; TypeScript takes them for modules only if it does. */
function moduleSettings(root: string): object {
  const text = contentOf(join(root, 'package.json')) ?? '{}'
  if (/"type"\s*:\s*"module"/.test(text))
    return { module: 'nodenext', moduleResolution: 'nodenext' }
  return { module: 'preserve', moduleResolution: 'bundler', customConditions: ['node'] }
}

/** Those of the project, else our own: handlers may use what Node brings. */
function nodeTypes(root: string): { types: string[]; typeRoots?: string[] } {
  if (existsSync(join(root, 'node_modules/@types/node'))) return { types: ['node'] }
  try {
    const ours = createRequire(import.meta.url).resolve('@types/node/package.json')
    return { types: ['node'], typeRoots: [dirname(dirname(ours))] }
  } catch {
    return { types: [] }
  }
}

/** Undefined for a file that is not there. */
export function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
