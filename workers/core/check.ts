// A compiled check of a value against its JSON Schema, as the runtime and the steps use it.

/** Undefined when the value fits; else what is wrong, in one line, without quoting the value. */
export type Check = (value: unknown) => string | undefined
