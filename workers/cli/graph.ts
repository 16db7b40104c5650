// `sluice graph`: the fleet, or some of its pipelines, as a Mermaid flowchart or as JSON.
import { graphOf } from '../ops/graph/graph.ts'
import { mermaid } from '../ops/graph/mermaid.ts'
import type { Logger } from '../core/log.ts'
import { EXIT } from './exit.ts'
import { choosePipelines, compileProject, findProject } from './project.ts'

export interface GraphOptions {
  readonly project?: string
  readonly pipelines: readonly string[]
  readonly format: 'mermaid' | 'json'
}

export async function graph(options: GraphOptions, log: Logger): Promise<number> {
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  const found = graphOf(plan, choosePipelines(plan, options.pipelines))
  process.stdout.write(options.format === 'json' ? `${JSON.stringify(found)}\n` : mermaid(found))
  return EXIT.ok
}
