// What a schema registry is asked, and what its answers mean; an answer that means nothing is an outage, and never a word about a schema.
import { SluiceError } from '../../core/errors.ts'
import type { FoundSchema, RegistryDriver, Subject } from '../../core/registry.ts'
import type { Answer, Ask } from './ask.ts'

export type Questions = Pick<
  RegistryDriver,
  'schema' | 'idOf' | 'register' | 'versions' | 'objections'
>

const NOT_FOUND = [404] as const
/** It has no such thing: in its own words, for a server that knows nothing of schemas says 404 to everything. */
function isAbsent({ status, errorCode, message }: Answer, path: string): boolean {
  if (status !== 404) return false
  if (errorCode !== undefined && ABSENT.has(errorCode)) return true
  throw new SluiceError('SLU1160', {
    message: `the schema registry answered 404 to ${path}: ${message}`,
  })
}
/** Subject, version, schema. */
const ABSENT: ReadonlySet<number> = new Set([40401, 40402, 40403])

const below = (subject: string) => `/subjects/${encodeURIComponent(subject)}`
const written = ({ kind, text }: Subject) => ({ schemaType: kind, schema: text })

export const questions = (ask: Ask): Questions => ({
  async schema(id) {
    const path = `/schemas/ids/${id}`
    const answer = await ask({ method: 'GET', path, expected: NOT_FOUND })
    return isAbsent(answer, path) ? undefined : foundIn(answer)
  },
  async idOf(subject) {
    const path = below(subject.subject)
    const body = written(subject)
    const answer = await ask({ method: 'POST', path, body, expected: [404, 422] })
    // What it does not take for a schema it does not have: why is said when it is to be registered.
    return answer.status === 422 || isAbsent(answer, path) ? undefined : idIn(answer)
  },
  async register(subject) {
    const answer = await ask({
      method: 'POST',
      path: `${below(subject.subject)}/versions`,
      body: written(subject),
      expected: [409, 422],
    })
    if (answer.status < 300) return idIn(answer)
    throw new SluiceError('SLU0386', {
      message: `the registry refuses the schema of subject ${subject.subject}: ${answer.message}`,
    })
  },
  async versions(subject) {
    const path = `${below(subject)}/versions`
    const answer = await ask({ method: 'GET', path, expected: NOT_FOUND })
    if (isAbsent(answer, path)) return []
    const { body } = answer
    if (!Array.isArray(body) || !body.every(Number.isSafeInteger)) throw senseless(path)
    return (body as number[]).toSorted((a, b) => a - b)
  },
  async objections(subject) {
    if (await isUnbound(ask, subject.subject)) return []
    const path = `/compatibility${below(subject.subject)}/versions/latest`
    const answer = await ask({
      method: 'POST',
      path: `${path}?verbose=true`,
      body: written(subject),
      expected: [404, 422],
    })
    // Nothing is there that it could be in the way of.
    if (isAbsent(answer, path)) return []
    const { status, body, message } = answer
    if (status === 422) return [message]
    const { is_compatible: fits, messages } = Object(body) as Record<string, unknown>
    if (typeof fits !== 'boolean') throw senseless(path)
    if (fits) return []
    const said = Array.isArray(messages) ? messages.map(String) : []
    return said.length === 0 ? ['it is not compatible with the latest version'] : said
  },
})

/** Nothing is held against anything there: some registries cannot even compare what they may hold. */
async function isUnbound(ask: Ask, subject: string): Promise<boolean> {
  const path = `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`
  const { status, body } = await ask({ method: 'GET', path, expected: NOT_FOUND })
  return (
    status !== 404 && (Object(body) as Record<string, unknown>)['compatibilityLevel'] === 'NONE'
  )
}

function foundIn({ body }: Answer): FoundSchema {
  const { schema, schemaType = 'AVRO', references } = Object(body) as Record<string, unknown>
  if (typeof schema !== 'string' || typeof schemaType !== 'string') throw senseless('/schemas/ids')
  const refers = Array.isArray(references) && references.length > 0
  return { kind: schemaType, text: schema, refers }
}

function idIn({ body }: Answer): number {
  const { id } = Object(body) as Record<string, unknown>
  if (Number.isSafeInteger(id)) return id as number
  throw senseless('/subjects')
}

const senseless = (path: string) =>
  new SluiceError('SLU1160', {
    message: `the schema registry answers ${path} with something else than was asked`,
  })
