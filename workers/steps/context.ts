// What a step sees of the message at work; the runtime implements it.
import type { ExpressionPlan } from '../core/plan.ts'
import type { Envelope } from '../core/message.ts'
import type { Span } from '../core/telemetry.ts'
import { SluiceError } from '../core/errors.ts'

export interface StepContext {
  readonly envelope: Envelope
  /** Of which item of which split it is; undefined outside of splits. */
  readonly item?: string | undefined
  /** 1 for the first try. */
  readonly attempt: number
  readonly span: Span
  /** Aborts when the message is given up. Made when first asked for. */
  readonly signal: AbortSignal
  /** Shows how far the work is, where somebody can see it. */
  progress?(percent: number): void
  /** Throws SLU5501 when this process may not start another effect for the message. */
  assertLive(): void
}

/** Of a step that claims something for its message. */
export interface ClaimContext extends StepContext {
  /** Ends the steps of the message when another one that is done has claimed the key; the claim holds once this one is done. */
  claim(key: string, keepMs: number): Promise<void>
}

/** Runs an expression; what it throws becomes SLU5104 at the expression's line. */
export function evaluate(expression: ExpressionPlan, thunk: () => unknown): unknown {
  try {
    return thunk()
  } catch (cause) {
    const { file, line, column } = expression.at
    throw new SluiceError('SLU5104', {
      message: `the expression at ${file}:${line}:${column} failed: ${(cause as Error).message}`,
      at: expression.at,
      cause,
    })
  }
}
