// The tests' own view of a schema registry: plain HTTP, and bytes put together by hand, with none of the product's code.
const url = () => process.env['KAFKA_SCHEMA_REGISTRY_URL'] ?? ''

async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(url() + path, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

/** As another team's program would do it; the id. */
export async function registerSchema(
  subject: string,
  schemaType: 'JSON' | 'AVRO',
  schema: object,
): Promise<number> {
  const { id } = await ask(`/subjects/${encodeURIComponent(subject)}/versions`, {
    schemaType,
    schema: JSON.stringify(schema),
  })
  return id as number
}

export const versionsOf = async (subject: string): Promise<unknown> =>
  fetch(`${url()}/subjects/${encodeURIComponent(subject)}/versions`).then((answer) => answer.json())

export async function schemaOf(id: number): Promise<{ schemaType: string; schema: unknown }> {
  const { schemaType = 'AVRO', schema } = await ask(`/schemas/ids/${id}`)
  return { schemaType: schemaType as string, schema: JSON.parse(schema as string) as unknown }
}

export function wire(id: number, payload: string | Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(id, 1)
  return Buffer.concat([head, Buffer.from(payload)])
}

export function unwired(value: Buffer): { magic: number; id: number; payload: Buffer } {
  return { magic: value.readUInt8(0), id: value.readUInt32BE(1), payload: value.subarray(5) }
}

export async function setLevel(subject: string, compatibility: string): Promise<void> {
  const response = await fetch(`${url()}/config/${encodeURIComponent(subject)}`, {
    method: 'PUT',
    body: JSON.stringify({ compatibility }),
    headers: { 'content-type': 'application/json' },
  })
  if (!response.ok) throw new Error(`the level could not be set: ${response.status}`)
}
