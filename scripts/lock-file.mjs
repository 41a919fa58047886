import { readFileSync } from 'node:fs';

/**
 * The packages that a user gets, as package-lock.json has them: what is needed at run time, and all that this brings.
 *
 * @returns the lock file's entries by their place, such as `node_modules/ajv`, in the order of the lock file
 */
export function runtimePackages() {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  const { '': root, ...packages } = lock.packages;
  return { root, packages: Object.fromEntries(Object.entries(packages).filter(([, { dev }]) => !dev)) };
}
