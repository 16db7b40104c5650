// The operations API against its own document: whatever is asked, the answer is one that the document describes, or a problem.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HEALTH_TYPE, JSON_TYPE } from '../../../workers/ops/api/routes.ts'
import { PROBLEM } from '../../../workers/ops/api/problem.ts'
import { misfits, startApi, TOKEN } from './support.ts'

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>
}
interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, { readonly content: Record<string, Media> }>>
}
interface Media {
  readonly schema: { readonly $ref?: string; readonly type?: string }
}

async function documentOf(get: (path: string) => Promise<Response>): Promise<Document> {
  const response = await get('/openapi.json')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, JSON_TYPE])
  return (await response.json()) as Document
}

/** What HTTP lets through in a header's value. */
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  maxLength: 200,
})

const accepts = fc.oneof(
  fc.constantFrom('*/*', JSON_TYPE, HEALTH_TYPE, 'text/plain', 'text/*;q=0.1', 'image/png', ''),
  headerText,
)
const authorizations = fc.option(
  fc.oneof(fc.constantFrom(`Bearer ${TOKEN}`, 'Bearer x', 'Basic eA=='), headerText),
  { nil: undefined },
)
const methods = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PATCH')

it('answers whatever is asked as its document says', async () => {
  const { get } = await startApi()
  const { openapi, paths } = await documentOf(get)
  expect(openapi).toMatch(/^3\.1\./)
  const known = Object.keys(paths)
  const asked = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    fc.tuple(fc.constantFrom(...known), fc.webPath()).map((parts) => parts.join('')),
    fc.webPath().map((path) => `/${path}`),
  )
  const query = fc.option(fc.webQueryParameters(), { nil: undefined })
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(
      asked,
      query,
      methods,
      accepts,
      authorizations,
      async (path, search, method, accept, authorization) => {
        const headers = { accept, ...(authorization === undefined ? {} : { authorization }) }
        const response = await get(
          search === undefined ? path : `${path}?${search}`,
          headers,
          method,
        )
        const { status } = response
        statuses.add(status)
        const body = await response.text()
        const type = response.headers.get('content-type') ?? ''
        const operation = Object.hasOwn(paths, path) ? paths[path]?.get : undefined
        if (operation === undefined) expect([404, 405]).toContain(status)
        else expect(Object.keys(operation.responses)).toContain(String(status))
        if (method === 'HEAD') expect(body).toBe('')
        else if (type === PROBLEM) {
          expect(misfits('Problem', JSON.parse(body))).toBe('')
          expect(status).toBeGreaterThanOrEqual(400)
        } else {
          const media = operation?.responses[status]?.content[type]
          expect(media).toBeDefined()
          const schema = media?.schema.$ref?.split('/').at(-1)
          if (schema !== undefined) expect(misfits(schema, JSON.parse(body))).toBe('')
        }
      },
    ),
    { numRuns: 400 },
  )
  // Hostile requests found the ways that the table of routes knows.
  for (const status of [200, 401, 404, 405, 406]) expect(statuses).toContain(status)
})

it('has an id for each operation, and a schema for each answer', async () => {
  const { get } = await startApi()
  const { paths } = await documentOf(get)
  const operations = Object.values(paths).map((path) => path.get)
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { responses } of operations)
    for (const { content } of Object.values(responses))
      for (const [type, { schema }] of Object.entries(content))
        expect(type.startsWith('text/') ? schema.type : schema.$ref).toMatch(
          type.startsWith('text/') ? /^string$/ : /^#\/components\/schemas\/\w+$/,
        )
})
