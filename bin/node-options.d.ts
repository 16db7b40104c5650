export declare const WORKER_OPTIONS: readonly string[]
