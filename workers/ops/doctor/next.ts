// The next command for what is wrong with a broker, as whoever runs that broker would type it. Nothing secret is ever in one.
import type { Component } from '../health/health.ts'
import type { Endpoint } from './reach.ts'

/** In single quotes wherever a shell would read more than a name. */
export const quoted = (text: string): string =>
  /^[A-Za-z0-9._:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Nothing listens: whether the broker itself thinks that it does. */
export function listens(kind: Component, { host, port }: Endpoint): string {
  switch (kind) {
    case 'redis':
      return `redis-cli -h ${quoted(host)} -p ${port} ping`
    case 'rabbitmq':
      return `rabbitmq-diagnostics check_port_listener ${port}`
    case 'kafka':
      return `kafka-broker-api-versions.sh --bootstrap-server ${quoted(`${host}:${port}`)}`
  }
}

/** It takes connections and says nothing, or hardly anything. */
export function stuck(kind: Component, { host, port }: Endpoint): string {
  switch (kind) {
    case 'redis':
      return `redis-cli -h ${quoted(host)} -p ${port} info memory`
    case 'rabbitmq':
      return 'rabbitmqctl status'
    case 'kafka':
      return `kafka-metadata-quorum.sh --bootstrap-server ${quoted(`${host}:${port}`)} describe --status`
  }
}

/** It answers, and is another kind of Redis than the connection says; or its cluster is not whole. */
export const clustered = ({ host, port }: Endpoint): string =>
  `redis-cli -h ${quoted(host)} -p ${port} cluster info`
export const clusterCheck = ({ host, port }: Endpoint): string =>
  `redis-cli --cluster check ${quoted(`${host}:${port}`)}`

/** Who we are was refused. */
export function login(kind: Component, { host, port }: Endpoint, user: string): string {
  return kind === 'rabbitmq'
    ? `rabbitmqctl authenticate_user ${quoted(user)}`
    : `redis-cli -h ${quoted(host)} -p ${port} --askpass ping`
}

export const grant = (user: string, vhost: string): string =>
  `rabbitmqctl set_permissions -p ${quoted(vhost)} ${quoted(user)} '.*' '.*' '.*'`
