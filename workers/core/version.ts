// The version of the product, from its package.
import about from '../../package.json' with { type: 'json' }

export const VERSION: string = about.version
