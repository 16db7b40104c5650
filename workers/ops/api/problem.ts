// Errors of the operations API as RFC 9457 has them, with the stable code of our table; nothing of a request is repeated in them.
import { STATUS_CODES } from 'node:http'
import { CODES, type Code } from '../../core/codes.ts'
import type { Answer } from '../../telemetry/http.ts'

export const PROBLEM = 'application/problem+json'

export function problem(
  status: number,
  code: Code,
  detail: string = CODES[code].title,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = {
    type: `urn:sluice:problem:${code}`,
    title: STATUS_CODES[status] ?? '',
    status,
    code,
    detail,
    next: CODES[code].fix,
  }
  return { status, type: PROBLEM, body: `${JSON.stringify(body)}\n`, headers }
}

/** Of what is no request, and of what went wrong here. */
export const PROBLEM_OF: Readonly<Record<400 | 408 | 431 | 500, Answer>> = {
  400: problem(400, 'SLU5907'),
  408: problem(408, 'SLU5907', 'the request took too long'),
  431: problem(431, 'SLU5907', 'the headers are too large'),
  500: problem(500, 'SLU5908'),
}
