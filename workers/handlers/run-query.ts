// Asks the warehouse, which here is a table of its own: the same rows for the same question.
import { permanent } from '../core/handler.ts'
import type { RunQuery } from '../generated/handlers/run-query.ts'

const TABLES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  orders: { country: ['DE', 'FR', 'IT'], month: ['2026-01', '2026-02'] },
  users: { country: ['DE', 'FR', 'IT'] },
  visits: { country: ['DE', 'FR'], month: ['2026-01', '2026-02', '2026-03'] },
}

const runQuery: RunQuery = ({ table, group_by }) => {
  const columns = Object.hasOwn(TABLES, table) ? TABLES[table] : undefined
  if (columns === undefined) throw permanent(`there is no table ${table}`)
  const values = Object.hasOwn(columns, group_by) ? columns[group_by] : undefined
  if (values === undefined) throw permanent(`table ${table} has no column ${group_by}`)
  return { table, rows: values.map((value, at) => ({ value, count: 1_000 * (at + 1) })) }
}

export default runQuery
