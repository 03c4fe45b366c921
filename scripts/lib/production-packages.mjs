import { readFileSync } from 'node:fs';
import { inClone } from './clone.mjs';

/**
 * What package-lock.json installs without development dependencies, sorted. `isOptional`: a package of one platform,
 * or one that the image leaves out.
 *
 * @param {string} [lock] the text of the file
 * @returns {{ name: string, version: string, licence?: string, folder: string, isOptional: boolean }[]}
 */
export function productionPackages(lock = readFileSync(inClone('package-lock.json'), 'utf8')) {
  const { packages } = JSON.parse(lock);
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && !dev)
    .map(([folder, { version, license: licence, optional, devOptional }]) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, licence, folder, isOptional: Boolean(optional || devOptional) };
    })
    .toSorted((left, right) => (id(left) < id(right) ? -1 : 1));
}

/** @param {{ name: string, version: string }} one */
export function id({ name, version }) {
  return `${name}@${version}`;
}
