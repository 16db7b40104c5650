// `sluice test --watch`: runs the tests again after each change, in a process of its own each time, so that handlers are loaded anew.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { select } from '../testing/files.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { findProject } from './project.ts'
import { onStopSignal } from './signals.ts'
import type { TestOptions } from './test.ts'
import { watchProject } from './watch.ts'

export async function watchTests(options: TestOptions, { world }: Composition): Promise<number> {
  const root = findProject(options.project)
  // Said once, before anything is watched.
  select(root, options.asked, process.cwd())
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), world.clock)
  const stopped = stop.promise.then(() => undefined)
  const watch = await watchProject(root, world.clock)
  try {
    for (;;) {
      const running = runOnce(root, options)
      await Promise.race([once(running, 'close'), stopped])
      if (stop.requested) running.kill('SIGTERM')
      else process.stderr.write('\nWaiting for changes; Ctrl-C stops.\n')
      const changed = await Promise.race([watch.next(), stopped])
      if (changed === undefined) return EXIT.ok
      process.stderr.write(`\n${changed.join(', ')} changed\n\n`)
    }
  } finally {
    await watch.close()
    stop.dispose()
  }
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
