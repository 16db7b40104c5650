// What happens in a supervised fleet, as values: shown, logged and printed by whoever listens, never decided upon.

/** A process: `worker` and `replica` name its seat. */
interface OfProcess {
  readonly worker: string
  /** From 1. */
  readonly replica: number
  readonly pid: number | undefined
}

export type FleetEvent =
  | (OfProcess & { readonly kind: 'started'; readonly plan: string })
  | (OfProcess & { readonly kind: 'ready' })
  | (OfProcess & { readonly kind: 'unready'; readonly detail: string })
  /** By itself; it is started again after `restartInMs`. */
  | (OfProcess & {
      readonly kind: 'ended'
      readonly exitCode: number | null
      readonly signal: string | null
      readonly livedMs: number
      readonly restartInMs: number
    })
  /** Said once a loop, not once a failure. */
  | (OfProcess & { readonly kind: 'crash-loop'; readonly failures: number })
  /** Its configuration does not let it run, so it is not started again. */
  | (OfProcess & { readonly kind: 'refused'; readonly exitCode: number })
  /** Its event loop stood still for so long; it is killed. */
  | (OfProcess & { readonly kind: 'stuck'; readonly silentMs: number })
  | (OfProcess & { readonly kind: 'drained'; readonly tookMs: number })
  /** It did not end in time when it was told to drain; it is killed. */
  | (OfProcess & { readonly kind: 'overdue'; readonly afterMs: number })
  | { readonly kind: 'rolling'; readonly plan: string; readonly processes: number }
  | { readonly kind: 'rolled'; readonly plan: string }
  | {
      readonly kind: 'roll-stopped'
      readonly plan: string
      readonly worker: string
      readonly replica: number
      readonly reason: string
    }
  | { readonly kind: 'stopping'; readonly processes: number }
  /** `drained` is false when one had to be killed, or failed while it drained. */
  | { readonly kind: 'stopped'; readonly drained: boolean }

export type OnEvent = (event: FleetEvent) => void
