// `sluice test --watch`: runs the tests again after each change, in a process of its own each time, so that handlers are loaded anew.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { select } from '../testing/files.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { findProject } from './project.ts'
import { onStopSignal } from './signals.ts'
import type { TestOptions } from './test.ts'
import { watchChanges } from './watch-changes.ts'

/** What the compiler reads; editors write files of their own beside it. */
const MATTERS = [
  /^pipelines\/[^/]+\.ya?ml$/,
  /^schemas\/.*[^/]\.json$/,
  /^workers\/handlers\/.*\.(ts|json)$/,
]

export async function watchTests(options: TestOptions, { world }: Composition): Promise<number> {
  const root = findProject(options.project)
  // Said once, before anything is watched.
  select(root, options.asked, process.cwd())
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143))
  let changed = new Set<string>()
  let running: ChildProcess | undefined

  const start = () => {
    running = runOnce(root, options)
    void once(running, 'close').then(() => {
      running = undefined
      if (changed.size > 0) again()
      else if (!stop.requested) process.stderr.write('\nWaiting for changes; Ctrl-C stops.\n')
    })
  }
  const again = () => {
    if (stop.requested) return
    process.stderr.write(`\n${[...changed].toSorted().join(', ')} changed\n\n`)
    changed = new Set()
    start()
  }
  const folders = ['pipelines', 'schemas', 'workers/handlers']
  const changes = watchChanges(root, folders, world.clock, (files) => {
    for (const file of files) if (MATTERS.some((form) => form.test(file))) changed.add(file)
    if (running === undefined && changed.size > 0) again()
  })
  start()
  await stop.promise
  changes.close()
  running?.kill('SIGTERM')
  stop.dispose()
  return EXIT.ok
}

function runOnce(root: string, { asked, name, real, junit, format }: TestOptions): ChildProcess {
  const flags = [
    ...(real ? ['--real'] : []),
    ...(name === undefined ? [] : ['--name', name]),
    ...(junit === undefined ? [] : ['--junit', junit]),
    '--format',
    format,
  ]
  const program = process.argv[1] as string
  return spawn(process.execPath, [program, '--project', root, 'test', ...asked, ...flags], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}
