// The lists that make the subset: what may be called, and on what. Everything that is not listed is refused.

/** Methods that take a function written out as their first argument. */
export const WITH_FUNCTION: ReadonlySet<string> = new Set([
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
  'reduce',
  'toSorted',
])

/** Methods whose result grows with a number: it must be written out, and small. */
export const PADDING: ReadonlySet<string> = new Set(['padStart', 'padEnd'])
export const MAX_PADDING = 1_000

/**
 * Methods by name; what they are called on is data, so the name decides. None changes its object, and none asks for
 * the language or the time zone of the machine.
 */
export const METHODS: ReadonlySet<string> = new Set([
  // texts
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
  'normalize',
  ...PADDING,
  // lists
  ...WITH_FUNCTION,
  'flat',
  'join',
  'at',
  'concat',
  'toReversed',
  // numbers
  'toFixed',
  'toPrecision',
  'toString',
])

/** Functions of named objects: none reads the clock, chance or the world. */
export const STATICS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'Math',
    new Set([
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
  ],
  ['Object', new Set(['keys', 'values', 'entries'])],
  ['Number', new Set(['isInteger', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'])],
  ['Array', new Set(['isArray'])],
  ['Date', new Set(['parse'])],
  ['JSON', new Set(['stringify'])],
])

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

export const ENVELOPE: ReadonlySet<string> = new Set([
  'id',
  'type',
  'source',
  'subject',
  'time',
  'key',
  'data',
])

/**
 * Names that all data of a kind inherits, and that are functions of the language when the data has no such field:
 * `event.data.values` is a field, or nothing.
 */
export const INHERITED: ReadonlySet<string> = new Set(
  [Object, Array, String, Number, Boolean, Function].flatMap(({ prototype }) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype))
      .filter(([, { value }]) => typeof value === 'function')
      .map(([name]) => name),
  ),
)

/** Longest expression, characters, and how deep its tree may be. */
export const MAX_LENGTH = 10_000
export const MAX_DEPTH = 100
