// The command line: runs one command and turns what it rejects with into words and an exit code.
import { errorText, exitCodeOf } from './cli/exit.ts'
import { createProgram } from './cli/program.ts'
import { createComposition } from './composition.ts'

try {
  process.exitCode = await createProgram(createComposition(process.env)).run(process.argv)
} catch (error) {
  process.stderr.write(errorText(error))
  if (exitCodeOf(error) === 1 && process.env['SLUICE_LOG_LEVEL'] === 'debug')
    process.stderr.write(`${(error as Error).stack}\n`)
  process.exitCode = exitCodeOf(error)
}
// Clients may hold sockets and timers of their own; everything of ours is closed by now.
process.exit()
