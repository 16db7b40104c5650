// Translates what ioredis and Redis say into our codes at the driver's edge; the original stays as the cause.
import type { Code } from '../../core/codes.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import { nameOf, type Place } from './settings.ts'

export function away(place: Place, what: string, cause?: unknown): SluiceError {
  return said('SLU5401', place, what, cause)
}

/** Before or during the connection. What is wrong with the way it is named is told apart from a server that is away. */
export function connectError(place: Place, thrown: unknown): SluiceError {
  const cause = asError(thrown)
  const { message } = cause
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(message))
    return said('SLU5404', place, `refused the connection: ${message}`, cause)
  if (/cluster support disabled/.test(message)) return notACluster(place, cause)
  const { code } = cause as { code?: unknown }
  return away(place, `is away: ${typeof code === 'string' ? code : message}`, cause)
}

/** The cluster as a whole takes nothing. */
export const clusterDown = (place: Place, cause?: unknown): SluiceError =>
  said('SLU5420', place, 'is down: it does not serve all of its slots', cause)

export const notACluster = (place: Place, cause?: unknown): SluiceError =>
  said('SLU5423', place, 'is named as a cluster, and is none', cause)

/** Asked over a connection that knows one server only. */
export const elsewhere = (place: Place, cause?: unknown): SluiceError =>
  said('SLU5422', place, 'is one node of a cluster, and is named as a server of its own', cause)

/** What Redis says of a cluster that a connection to one server has run into. */
export const isOfCluster = ({ message }: Error): boolean =>
  /^(MOVED|ASK|CLUSTERDOWN) /.test(message)

/** A command failed. What Redis itself answered is a refusal; everything else means that the connection is gone. */
export function commandError(
  place: Place,
  command: string,
  refused: Code,
  thrown: unknown,
): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = asError(thrown)
  if (cause.name === 'ReplyError' && isOfCluster(cause)) return elsewhere(place, cause)
  if (cause.name === 'ReplyError')
    return said(refused, place, `refused ${command}: ${cause.message}`, cause, false)
  return away(place, `was lost before it answered ${command}: ${cause.message}`, cause)
}

/** While a slot moves, a node is away or a replica takes over, the node that was asked is the wrong one, or not there. */
const ON_THE_MOVE = /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|LOADING|READONLY) /

/**
 * The same of a command to a cluster. What says nothing about the command, but that the node for its key cannot be asked
 * now, is an outage; the rest of the cluster goes on.
 */
export function clusterCommandError(
  place: Place,
  command: string,
  refused: Code,
  thrown: unknown,
): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = asError(thrown)
  if (isWholeClusterDown(cause)) return clusterDown(place, cause)
  if (cause.name === 'ReplyError' && !ON_THE_MOVE.test(cause.message))
    return said(refused, place, `refused ${command}: ${cause.message}`, cause, false)
  return said('SLU5421', place, `has nobody who takes ${command} now: ${cause.message}`, cause)
}

/** And not just the slot of one key. */
export const isWholeClusterDown = ({ message }: Error): boolean =>
  message.startsWith('CLUSTERDOWN ') && !message.includes('Hash slot not served')

function said(
  code: Code,
  place: Place,
  what: string,
  cause: unknown,
  withOrigin = true,
): SluiceError {
  return new SluiceError(code, {
    message: `${nameOf(place)} ${what}${withOrigin ? ` (${place.origin})` : ''}`,
    ...(cause === undefined ? {} : { cause }),
  })
}
