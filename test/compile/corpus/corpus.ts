// What the corpus is made of: edits of one clean project, and what must be said about each.

export interface Edit {
  /** Path within the project. */
  readonly file: string
  /** Stands there exactly once. */
  readonly from: string
  readonly to: string
}

export interface Variant extends Edit {
  /** In a reader's words. */
  readonly what: string
  /** Other places that change with it. */
  readonly also?: readonly Edit[]
}

export interface Mistake extends Variant {
  readonly category: string
  /** The file that must be named; not written: the one that is edited. */
  readonly at?: string
  /** A part of the line that must be named, or its number; not written: where the edit begins to differ. */
  readonly line?: string | number
  /** What message and hint must say together. */
  readonly hint: string | RegExp
}

type Seeded = Omit<Mistake, 'category' | 'file'>

/** Mistakes of one kind, by the file that is edited. */
export const seeded = (
  category: string,
  files: Readonly<Record<string, readonly Seeded[]>>,
): readonly Mistake[] =>
  Object.entries(files).flatMap(([file, mistakes]) =>
    mistakes.map((mistake) => ({ ...mistake, category, file })),
  )

export const BILLING = 'pipelines/billing.yaml'
export const FLEET = 'pipelines/fleet.yaml'
export const METRICS = 'pipelines/metrics.yaml'
export const NIGHT = 'pipelines/night.yaml'
export const NOTIFICATIONS = 'pipelines/notifications.yaml'
export const PREDICTIONS = 'pipelines/predictions.yaml'
export const RATE_DESK = 'pipelines/rate-desk.yaml'
export const RETURNS = 'pipelines/returns.yaml'

/** Correct ones, by the file that is edited. */
export const variants = (
  files: Readonly<Record<string, readonly Omit<Variant, 'file'>[]>>,
): readonly Variant[] =>
  Object.entries(files).flatMap(([file, all]) => all.map((variant) => ({ ...variant, file })))
