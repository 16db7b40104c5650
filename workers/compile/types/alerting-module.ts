// Writes what an alert becomes as TypeScript: the alert is that of core/alert.ts, the command has to fit its schema.
import type { Schema } from './schema-names.ts'
import type { Checked } from './checked.ts'
import type { FleetSources } from '../compile.ts'
import type { PlannedAlerting } from '../alerting-plan.ts'
import { isClosed } from './closed.ts'
import { destinationOf } from './destinations.ts'
import type { RootTypes } from './pipeline-module.ts'
import { NAMES } from './prelude.ts'
import { Sheet, type Slot } from './sheet.ts'
import { alias } from './step-facts.ts'

/** Of `ALERT_SCHEMA`, beside those of the fleet's schemas. */
export const ALERT_FILE = 'alert.ts'

export function alertingModule(
  { plan: { command }, written }: PlannedAlerting,
  { fleet, schemas }: Pick<FleetSources, 'fleet' | 'schemas'>,
  roots: RootTypes,
): Sheet {
  const sheet = new Sheet()
  const { kind: to, name, schema } = destinationOf(command, fleet)
  const root = schema === undefined ? undefined : roots.get(schema)
  const type = schema === undefined || root === undefined ? 'any' : alias('s', schema)
  sheet.line(`import { ${NAMES} } from './prelude.ts'`)
  sheet.line(`import type { Alert } from './${ALERT_FILE}'`)
  if (type !== 'any') sheet.line(`import type { ${root} as ${type} } from './schemas/${schema}.ts'`)
  sheet.line('export function $alerting(alert: Alert): void {')
  const expression = (of: typeof command.body | undefined, slot: Slot, before: string) => {
    const path = of && written.get(of)
    if (of === undefined || path === undefined) return
    sheet.line(before)
    sheet.expression({ slot, path, text: of.text, step: command.index })
    sheet.line(');')
  }
  expression(command.key, { kind: 'routingKey' }, '$routingKey(')
  const body: Slot = { kind: 'body', to, name, schema: schema ?? '' }
  expression(command.body, body, `$body<${type}>(`)
  if (schema !== undefined && type !== 'any')
    if (isClosed(schemas[schema] as Schema, command.body))
      expression(command.body, body, `$closed<${type}>()(`)
  sheet.line('}')
  return sheet
}

export const checkedAlerting = ({
  file,
  plan: { command },
  written,
}: PlannedAlerting): Checked => ({
  file,
  plan: { steps: [command] },
  written,
})
