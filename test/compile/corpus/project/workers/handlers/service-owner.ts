// The team behind a service, or null when nobody knows it.
import type { ServiceOwner } from '../generated/handlers/service-owner.ts'

const serviceOwner: ServiceOwner = ({ service }) =>
  service.startsWith('desk-')
    ? { team: 'desk', pager: true, contacts: [{ name: 'Ada', phone: '+49 30 1' }, { name: 'Ben' }] }
    : null

export default serviceOwner
