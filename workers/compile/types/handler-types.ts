// Writes the type of each handler: what pipelines give it, what they need of it, and what it may use.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, parse, relative, resolve } from 'node:path'
import type { FleetSources } from '../compile.ts'
import { allSteps, callOf } from '../../core/plan-walk.ts'
import { schemaOf } from './destinations.ts'
import { FOLDER, INPUTS, inputModulesOf, writeModules } from './folder.ts'
import { Imports } from './imports.ts'
import { alias } from './step-facts.ts'
import { schemaTypes } from './schema-types.ts'
import { runTsc } from './tsc.ts'

/** One place where a handler is called. */
interface Use {
  readonly handler: string
  /** As it can be written to the user: `pipelines/x.yaml, step "y"`. */
  readonly where: string
  /** As TypeScript declares it, seen from the modules of inputs. */
  readonly input: string
  /** The names of the caches that it may use by itself. */
  readonly caches: readonly string[]
  /** The schema of what it loads into a cache. */
  readonly output: { readonly schema: string; readonly nullable: boolean } | undefined
}

/** Texts by the names of the handlers; of a fleet with mistakes as far as it can be understood. */
export function handlerTypes(sources: FleetSources, tsc: string): ReadonlyMap<string, string> {
  const uses = usesIn(sources, tsc)
  const handlers = [...new Set(uses.map(({ handler }) => handler))].toSorted()
  return new Map(
    handlers.map((handler) => [
      handler,
      textOf(
        handler,
        uses.filter((use) => use.handler === handler),
        sources,
      ),
    ]),
  )
}

function usesIn(sources: FleetSources, tsc: string): Use[] {
  const { root, fleet, pipelines } = sources
  const folder = join(root, FOLDER, INPUTS)
  rmSync(folder, { recursive: true, force: true })
  writeModules(root, inputModulesOf(sources))
  runTsc(tsc, folder)
  return pipelines.flatMap(({ plan }, index) => {
    const declared = declarations(join(folder, `${index}.ts`), folder)
    return allSteps(plan).flatMap((step): Use[] => {
      const call = callOf(step)
      if (call === undefined) return []
      const input = declared.get(step.index) ?? 'unknown'
      const cache = step.kind === 'cache' ? fleet.caches[step.cache] : undefined
      const schema = step.kind === 'cache' ? schemaOf(fleet.caches, step.cache) : undefined
      const output =
        schema === undefined || sources.schemas[schema] === undefined
          ? undefined
          : { schema, nullable: cache?.absentMs !== undefined }
      const where = `${plan.file}, step "${step.id}"`
      return [{ handler: call.handler, where, input, caches: call.caches, output }]
    })
  })
}

/** What each function of a module returns, by the number in its name. */
function declarations(module: string, folder: string): Map<number, string> {
  const path = relative(parse(resolve(module)).root, resolve(module)).replace(/\.ts$/, '.d.ts')
  let text: string
  try {
    text = readFileSync(join(folder, 'declared', path), 'utf8')
  } catch {
    return new Map()
  }
  const found = text.matchAll(
    /^export declare function \$(\d+)\(event: .*?\): ([^]*?);$(?=\n(?:export|$)|$(?![^]))/gm,
  )
  return new Map([...found].map(([, index, type = '']) => [Number(index), type]))
}

function textOf(handler: string, uses: readonly Use[], sources: FleetSources): string {
  const { root, schemas } = sources
  const name = pascal(handler)
  const own = ['', 'Input', 'Output', 'Caches'].map((end) => `${name}${end}`)
  const imports = new Imports(join(root, 'workers/generated/handlers'), own)
  const core = imports.add(coreFile(root, 'handler'), 'Handler')
  const named = (schema: string) =>
    imports.add(
      join(root, `workers/generated/${schema}.ts`),
      schemaTypes(schema, schemas[schema] as object).root,
    )
  const inputs = new Set(uses.map(({ input }) => translated(input, sources, imports, named)))
  const outputs = new Set(
    uses.flatMap(({ output }) =>
      output === undefined ? [] : [`${named(output.schema)}${output.nullable ? ' | null' : ''}`],
    ),
  )
  const caches = cacheTypes(uses, sources, named)
  const list = uses.map(({ where }) => ` * - ${where}\n`).join('')
  const isFree = outputs.size === 0
  const types = [`${name}Input`, isFree ? 'Output' : `${name}Output`]
  if (caches.length > 0) types.push(`${name}Caches`)
  return [
    `// generated from pipelines/ by \`npx sluice types\`; do not edit\n`,
    imports.text(),
    `\n/**\n * What it is given:\n${list} */\n`,
    `export type ${name}Input = ${union([...inputs].toSorted())}\n`,
    isFree
      ? ''
      : `\n/** What it returns; caches hold it. */\nexport type ${name}Output = ${intersection([...outputs].toSorted())}\n`,
    caches.length === 0
      ? ''
      : `\n/** The caches that it may use by itself, as ctx.caches. */\nexport type ${name}Caches = {\n${caches.join('')}}\n`,
    `\n/** The function in workers/handlers/${handler}.ts. */\n`,
    `export type ${name}${isFree ? '<Output>' : ''} = ${core}<${types.join(', ')}>\n`,
  ].join('')
}

/** Those that it may use wherever it is called. */
function cacheTypes(
  uses: readonly Use[],
  { fleet, schemas }: FleetSources,
  named: (schema: string) => string,
): string[] {
  const [first, ...others] = uses.map(({ caches }) => caches)
  return (first ?? [])
    .filter((name) => others.every((other) => other.includes(name)))
    .toSorted()
    .map((name) => {
      const schema = schemaOf(fleet.caches, name)
      const type = schema === undefined || schemas[schema] === undefined ? 'unknown' : named(schema)
      const absent = fleet.caches[name]?.absentMs === undefined ? '' : ' | null'
      return `  ${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}: ${type}${absent}\n`
    })
}

/** Of the project itself where it holds Sluice: generated files name no place outside of it then. */
function coreFile(root: string, name: string): string {
  const own = join(root, `workers/core/${name}.ts`)
  return existsSync(own) ? own : resolve(import.meta.dirname, `../../core/${name}.ts`)
}

/** A declared type with names that are imported where it is to stand. */
function translated(
  type: string,
  { root, schemas }: FleetSources,
  imports: Imports,
  named: (schema: string) => string,
): string {
  const folder = join(root, FOLDER, INPUTS)
  const ofSchemas = new RegExp(`^${FOLDER.replaceAll('.', '\\.')}/schemas/(.+)\\.ts$`)
  let text = type.replace(/import\("(.+?)"\)\.(\w+)/g, (_all, path: string, name: string) => {
    const file = resolve(folder, path)
    const within = relative(root, file).replaceAll('\\', '/')
    const schema = ofSchemas.exec(within)?.[1]
    return imports.add(
      schema === undefined ? file : join(root, `workers/generated/${schema}.ts`),
      name,
    )
  })
  for (const schema of Object.keys(schemas))
    if (text.includes(alias('s', schema))) text = text.replaceAll(alias('s', schema), named(schema))
  if (text.includes('$Event<')) {
    const envelope = imports.add(coreFile(root, 'message'), 'Envelope')
    text = text.replaceAll('$Event<', `${envelope}<`)
  }
  return text
}

const union = (types: readonly string[]) => (types.length === 0 ? 'unknown' : types.join(' | '))

const intersection = (types: readonly string[]) =>
  types.length === 1
    ? (types[0] as string)
    : types.map((type) => (type.includes(' ') ? `(${type})` : type)).join(' & ')

const pascal = (name: string) => {
  const joined = name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
  return /^[0-9]/.test(joined) ? `Handler${joined}` : joined
}
