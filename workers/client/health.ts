// Health of the fleet's brokers for other services: the functions of the operations API without HTTP. Connects when it is first asked.
import type { ComponentHealth, OverallHealth } from '../ops/health/health.ts'
import type { Monitor } from '../ops/health/monitor.ts'

/** None of these rejects because of a broker: what cannot be asked fails. Each broker is asked once a second at most. */
export interface HealthClient {
  getOverallHealth(): Promise<OverallHealth>
  checkRedisHealth(): Promise<ComponentHealth>
  checkRabbitmqHealth(): Promise<ComponentHealth>
  checkKafkaHealth(): Promise<ComponentHealth>
}

/** `open` rejects for variables that are missing or malformed, and so does whoever asks. */
export function createHealth(
  open: () => Promise<{ readonly monitor: Monitor; close(): Promise<void> }>,
): HealthClient & { close(): Promise<void> } {
  let opened: ReturnType<typeof open> | undefined
  const monitor = async () => (await (opened ??= open())).monitor
  return {
    getOverallHealth: async () => (await monitor()).getOverallHealth(),
    checkRedisHealth: async () => (await monitor()).checkRedisHealth(),
    checkRabbitmqHealth: async () => (await monitor()).checkRabbitmqHealth(),
    checkKafkaHealth: async () => (await monitor()).checkKafkaHealth(),
    async close() {
      await opened?.then(({ close }) => close()).catch(() => {})
    },
  }
}
