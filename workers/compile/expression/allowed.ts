// The lists that make the subset: what may be called, and on what. Everything that is not listed is refused.

/** Methods by name; what they are called on is data, so the name decides. None of them changes its object. */
export const METHODS: ReadonlySet<string> = new Set([
  // strings
  'startsWith',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'slice',
  'substring',
  'trim',
  'trimStart',
  'trimEnd',
  'toLowerCase',
  'toUpperCase',
  'split',
  'replaceAll',
  'charAt',
  'codePointAt',
  'localeCompare',
  'normalize',
  // arrays
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'flatMap',
  'flat',
  'reduce',
  'join',
  'at',
  'concat',
  'toSorted',
  'toReversed',
  // numbers
  'toFixed',
  'toPrecision',
  // dates are texts in JSON; numbers and booleans
  'toString',
])

/** Methods that take a function. */
export const WITH_FUNCTION: ReadonlySet<string> = new Set([
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'flatMap',
  'reduce',
  'toSorted',
])

/** Functions of named objects: none reads the clock, chance or the world. */
export const STATICS: Readonly<Record<string, ReadonlySet<string>>> = {
  Math: new Set([
    'abs',
    'ceil',
    'floor',
    'max',
    'min',
    'pow',
    'round',
    'sign',
    'sqrt',
    'trunc',
    'log',
    'log2',
    'log10',
    'exp',
    'hypot',
  ]),
  Object: new Set(['keys', 'values', 'entries']),
  Number: new Set(['isInteger', 'isFinite', 'isNaN', 'parseFloat', 'parseInt']),
  Array: new Set(['isArray']),
  Date: new Set(['parse']),
  JSON: new Set(['stringify']),
}

/** Functions called by name. */
export const FUNCTIONS: ReadonlySet<string> = new Set(['String', 'Number', 'Boolean'])

/** Names that stand for values. */
export const CONSTANTS: ReadonlySet<string> = new Set(['undefined', 'NaN', 'Infinity'])

export const BINARY: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '===',
  '!==',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
])
export const UNARY: ReadonlySet<string> = new Set(['!', '-', '+', 'typeof'])

export const ENVELOPE: readonly string[] = [
  'id',
  'type',
  'source',
  'subject',
  'time',
  'key',
  'data',
]

/** Longest expression, characters, and how deep its tree may be. */
export const MAX_LENGTH = 10_000
export const MAX_DEPTH = 100
