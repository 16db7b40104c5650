// Mistakes of YAML itself.
import type { Case } from './case.ts'

export const YAML: readonly Case[] = [
  {
    what: 'a key twice',
    pipeline: ['order: key', 'order: key\norder: key'],
    expect: 'billing.yaml:5:1 SLU0106',
  },
  {
    what: 'a tab as indentation',
    pipeline: ['  - id: price', '\t- id: price'],
    expect: 'billing.yaml:6:1 SLU0106',
  },
  {
    what: 'an alias',
    pipeline: ['from: { topic: orders }', 'from: &x { topic: orders }\nwindow: *x'],
    expect: 'billing.yaml:3:9 SLU0106',
  },
  {
    what: 'a tag',
    pipeline: ['order: key', 'order: !!js/function key'],
    expect: 'billing.yaml:4:8 SLU0106',
  },
  {
    what: 'a prototype key',
    pipeline: ['order: key', 'order: key\n__proto__: {}'],
    expect: 'billing.yaml:5:1 SLU0106',
  },
]
