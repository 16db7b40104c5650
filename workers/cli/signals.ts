// Turns SIGTERM and SIGINT into one request to stop; the second one forces.

export interface StopRequest {
  readonly promise: Promise<NodeJS.Signals>
  readonly requested: boolean
  dispose(): void
}

/** `force` is called on the second signal. */
export function onStopSignal(force: (signal: NodeJS.Signals) => void): StopRequest {
  let requested = false
  let resolve: (signal: NodeJS.Signals) => void = () => {}
  const promise = new Promise<NodeJS.Signals>((done) => {
    resolve = done
  })
  const listener = (signal: NodeJS.Signals) => {
    if (requested) force(signal)
    requested = true
    resolve(signal)
  }
  process.on('SIGTERM', listener)
  process.on('SIGINT', listener)
  return {
    promise,
    get requested() {
      return requested
    },
    dispose() {
      process.off('SIGTERM', listener)
      process.off('SIGINT', listener)
    },
  }
}
