// How Node runs a worker; plain old JavaScript, any Node must be able to read it.

/**
 * The young generation grows to 128 MiB otherwise, at any load, and a worker gains nothing by it: measured on the
 * flow of `npm run bench`, a fifth less memory at the same CPU time a message.
 */
export var WORKER_OPTIONS = ['--max-semi-space-size=16']
