// The document of the operations API, OpenAPI 3.1, made of the routes and their schemas.
import { VERSION } from '../../core/version.ts'
import { PROBLEM } from './problem.ts'
import { ROUTES, type Route } from './routes.ts'
import { SCHEMAS } from './schemas.ts'

const PROBLEMS = {
  401: 'No valid token.',
  404: 'The fleet has no such component.',
  405: 'Only GET and HEAD.',
  406: 'No media type that is acceptable.',
  421: 'Without a token: not by a name of this machine.',
  429: 'Too many requests of one address.',
  500: 'The answer could not be made.',
} as const

type ProblemStatus = keyof typeof PROBLEMS

export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice operations',
      version: VERSION,
      description:
        'Health of brokers and workers of a fleet. Looking changes nothing; each broker is asked at most once a second.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(ROUTES.map((route) => [route.path, { get: operation(route) }])),
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'What `ops.token` of fleet.yaml names.',
        },
      },
    },
  }
}

function operation(route: Route): object {
  const answer = (description: string) => ({ description, content: contentOf(route) })
  const wrong = problemsOf(route).map((status) => [
    status,
    {
      description: PROBLEMS[status],
      content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ])
  return {
    operationId: route.id,
    summary: route.summary,
    // {}: in the development profile this machine needs none.
    security: route.access === 'all' ? [] : [{ token: [] }, {}],
    responses: {
      200: answer(route.fails ? 'It passes, or warns.' : 'What was asked for.'),
      ...(route.fails ? { 503: answer('It fails.') } : {}),
      ...Object.fromEntries(wrong),
    },
  }
}

function problemsOf({ access, subject }: Route): ProblemStatus[] {
  const always: ProblemStatus[] = [405, 406, 429, 500]
  const guarded: ProblemStatus[] = access === 'all' ? [] : [401, 421]
  return [...always, ...guarded, ...(subject.of === 'component' ? ([404] as const) : [])]
}

function contentOf({ types, schema }: Route): object {
  return Object.fromEntries(
    types.map((type) => [
      type,
      {
        schema: type.startsWith('text/')
          ? { type: 'string' }
          : { $ref: `#/components/schemas/${schema}` },
      },
    ]),
  )
}
