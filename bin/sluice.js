#!/usr/bin/env node
// Starts the command line, or says in one sentence that this Node is too old. Plain old JavaScript: any Node must be able to read it.
'use strict'

var needed = 24
var major = parseInt(process.versions.node, 10)

if (major >= needed) {
  import('../workers/main.ts').catch(function (error) {
    console.error(error)
    process.exitCode = 1
  })
} else {
  console.error(
    'SLU1002: Sluice needs Node ' +
      needed +
      ' or newer and this is ' +
      process.versions.node +
      '; inside the project, `npx sluice` brings its own.',
  )
  process.exitCode = 2
}
