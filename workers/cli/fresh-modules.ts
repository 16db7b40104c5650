// Lets a process import the modules of a project anew after they changed: handlers, and whatever of the project they import.
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface FreshModules {
  /** What is imported from now on is read again. What was imported before stays as it was. */
  renew(): void
}

/** The modules of a former version are never collected: for development only. */
export function freshModules(root: string): FreshModules {
  const project = folderUrl(root)
  const handlers = folderUrl(join(root, 'workers/handlers'))
  const product = new URL('../', import.meta.url).href
  let version = 0
  // A second copy of our own modules would have a second state; ours are not what changes.
  const isOfProject = (url: string) =>
    url.startsWith(project) &&
    !url.includes('/node_modules/') &&
    (url.startsWith(handlers) || !url.startsWith(product))
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      if (!isOfProject(found.url)) return found
      const url = new URL(found.url)
      url.searchParams.set('version', String(version))
      return { ...found, url: url.href }
    },
  })
  return {
    renew() {
      version++
    },
  }
}

const folderUrl = (folder: string) => `${pathToFileURL(folder).href}/`
