// One value of the configuration as it holds, and who said so.
import type { Position } from '../../core/plan.ts'

export type Origin =
  | ({ readonly kind: 'file' } & Position)
  /** Written with `${VAR}`: the variables that are set, and those that are not. */
  | ({
      readonly kind: 'environment'
      readonly set: readonly string[]
      readonly unset: readonly string[]
    } & Position)
  /** Read beside fleet.yaml. */
  | { readonly kind: 'variable'; readonly name: string }
  | ({ readonly kind: 'policy'; readonly name: string } & Position)
  | { readonly kind: 'default' }
  /** Something else takes its place. */
  | { readonly kind: 'unused'; readonly by: string }
  /** Not written, and follows from something else. */
  | { readonly kind: 'derived'; readonly from: string }

export interface Value {
  /** Names with dots between; steps go by their ids. */
  readonly path: string
  readonly value: unknown
  readonly origin: Origin
}

/** What is explained together: the pipeline, or one thing that it uses. */
export interface Section {
  readonly kind: string
  readonly name: string
  readonly values: readonly Value[]
}

/** Never the value of a secret. */
export const HIDDEN = '***'
