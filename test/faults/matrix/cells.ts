// The crash-point matrix: where a worker dies × what it reads × what it writes. All of it, or enough for each pair of the three.
import { POINTS, type Point } from '../failpoints/point.ts'
import { SOURCES, type SinkName, type SourceName } from '../stage/line.ts'

export const SINKS = ['event', 'command', 'store', 'job'] as const satisfies readonly SinkName[]
export type CellSink = (typeof SINKS)[number]

export interface Cell {
  readonly point: Point
  readonly source: SourceName
  readonly sink: CellSink
}

/** What has no partitions is never rebalanced. */
export const exists = ({ point, source }: Cell): boolean =>
  point !== 'in-rebalance' || source === 'topic'

export const CELLS: readonly Cell[] = POINTS.flatMap((point) =>
  SOURCES.flatMap((source) => SINKS.map((sink) => ({ point, source, sink }))),
).filter(exists)

/** A cover by greed: each pair of point, source and sink that exists stands in one of these cells. */
export function pairwise(cells: readonly Cell[] = CELLS): Cell[] {
  const open = new Set(cells.flatMap(pairsOf))
  const chosen: Cell[] = []
  const gain = (cell: Cell) => pairsOf(cell).filter((pair) => open.has(pair)).length
  while (open.size > 0) {
    const best = cells.reduce((a, b) => (gain(b) > gain(a) ? b : a))
    for (const pair of pairsOf(best)) open.delete(pair)
    chosen.push(best)
  }
  return chosen
}

export const pairsOf = ({ point, source, sink }: Cell): string[] => [
  `${point} ${source}`,
  `${point} ${sink}`,
  `${source} ${sink}`,
]
