#!/usr/bin/env node
// Starts the command line, or says in one sentence that this Node is too old. Plain old JavaScript: any Node must be able to read it.
import { WORKER_OPTIONS } from './node-options.js'

var needed = 24
var major = parseInt(process.versions.node, 10)
/** Wherever the options stand; an argument of the same name does no harm. */
var works = process.argv.slice(2).some(function (word) {
  return word === 'run' || word === 'demo' || word === 'dev'
})
/** Somebody chose for themselves, or this is the process started below. */
var chosen = /semi-space/.test(process.execArgv.join() + (process.env.NODE_OPTIONS || ''))

if (major < needed) {
  console.error(
    'SLU1002: Sluice needs Node ' +
      needed +
      ' or newer and this is ' +
      process.versions.node +
      '; inside the project, `npx sluice` brings its own.',
  )
  process.exitCode = 2
} else {
  // Memory options are read once, at the start of a process: this one becomes another, of the same id.
  if (works && !chosen && process.execve && process.platform !== 'win32')
    process.execve(
      process.execPath,
      [process.execPath].concat(WORKER_OPTIONS, process.execArgv, process.argv.slice(1)),
      process.env,
    )
  import('../workers/main.ts').catch(function (error) {
    console.error(error)
    process.exitCode = 1
  })
}
