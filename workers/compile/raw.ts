// Looks into values that may have any shape; the grammar has spoken about what is wrong with them.
import type { Position } from '../core/plan.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export type Raw = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const mapOf = (value: unknown): Raw => (isMap(value) ? value : {})

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown, fallback: string): string =>
  typeof value === 'string' ? value : fallback

export function position(file: YamlFile, path: Path): Position {
  const { file: name, line, column } = file.key(path)
  return { file: name, line, column }
}
