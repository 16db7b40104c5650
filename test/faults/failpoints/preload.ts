// Preloaded into a worker process: what names the drivers is replaced by one that wraps them in failpoints. The product knows nothing of it.
import { registerHooks } from 'node:module'

const ROOT = new URL('../../../workers/', import.meta.url)
const MAIN = new URL('main.ts', ROOT).href
const REAL = new URL('composition.ts', ROOT).href

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const replaced = found.url === REAL && context.parentURL === MAIN
    return replaced ? { ...found, url: new URL('composition.ts', import.meta.url).href } : found
  },
})
