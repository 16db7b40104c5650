// Finds who pays; stands in for the service that holds customers.
import { permanent } from '../../../../../../workers/core/handler.ts'
import type { FindCustomer } from '../generated/handlers/find-customer.ts'

const findCustomer: FindCustomer = async ({ id }, ctx) => {
  ctx.signal.throwIfAborted()
  if (id.startsWith('test-')) throw permanent(`no real customer: ${id}`)
  const tier = id.endsWith('9') ? 'platinum' : 'standard'
  return { customer_id: id, name: `Customer ${id}`, tier, since: '2020-01-01T00:00:00Z', credit: 0 }
}

export default findCustomer
