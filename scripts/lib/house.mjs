import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What one folder may have side by side. */
export const MAX_FILES_IN_FOLDER = 15;
/** Imports between the rooms of one lib, each pair of rooms counted once. */
export const MAX_ARROWS_IN_LIB = 120;
/** Pairs of wings of which one imports the other. */
export const MAX_ARROWS_BETWEEN_WINGS = 18;

const SPECIFIER = /(?:\bfrom|\bimport|\bimport\()\s*(['"])(\.{1,2}(?:\/[^'"\n]*)?|@countersign\/[^'"\n]+)\1/g;

/** Written by scripts. */
const GENERATED = new Set(['api-types.d.ts']);

const NO_SOURCES = new Set(['node_modules', 'dist']);

const isForTests = (path) => path.includes('/testing/');

/**
 * The TypeScript of some folders, specs and generated files excepted.
 * @returns {Map<string, string>} texts by their paths from the root, with slashes
 */
export function readSources(root, folders) {
  const files = new Map();
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!NO_SOURCES.has(entry.name)) walk(path);
      } else if (/(?<!\.spec)\.tsx?$/.test(entry.name) && !GENERATED.has(entry.name)) {
        files.set(path, readFileSync(join(root, path), 'utf8'));
      }
    }
  };
  for (const folder of folders) if (existsSync(join(root, folder))) walk(folder);
  return files;
}

/**
 * The files that each file imports, for types too.
 * @param {readonly { name: string, wing: string }[]} libs
 * @returns {Map<string, string[]>}
 */
export function importsAmong(files, libs) {
  const folders = new Map(libs.map(({ name, wing }) => [name, `${wing}/${name}`]));
  const targetOf = (from, name) => {
    const [, lib, door = 'src'] = name.split('/');
    const base = name.startsWith('@')
      ? `${folders.get(lib)}/${door}`
      : posix.join(posix.dirname(from), name).replace(/\.js$/, '');
    return [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((path) => files.has(path));
  };
  return new Map(
    [...files].map(([path, text]) => {
      const targets = [...text.matchAll(SPECIFIER)].map(([, , name]) => targetOf(path, name));
      return [path, [...new Set(targets.filter((target) => target !== undefined))]];
    }),
  );
}

/** Files that import each other, directly or through others: the strongly connected components of Tarjan. */
export function circlesOf(imports) {
  const circles = [];
  const order = new Map();
  const lowest = new Map();
  const open = [];
  const visit = (path) => {
    order.set(path, order.size);
    lowest.set(path, order.get(path));
    open.push(path);
    for (const target of imports.get(path)) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(path, Math.min(lowest.get(path), lowest.get(target)));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1 || imports.get(path).includes(path)) circles.push(circle.sort());
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return circles;
}

/** How many files each folder has side by side. @returns {Map<string, number>} */
export function filesByFolder(files) {
  const counts = new Map();
  for (const path of files.keys()) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

/**
 * Imports between the rooms of a lib. A room is what stands directly in its `src`: a folder with all that is in it, or a
 * file. However many files of one room import from another, that is one arrow.
 * @returns {string[]} such as `store -> user.ts`
 */
export function arrowsWithin(imports, lib) {
  const src = `${lib}/src/`;
  const roomOf = (path) => path.slice(src.length).split('/')[0];
  return arrowsBetween(imports, (path) => (path.startsWith(src) ? roomOf(path) : null));
}

/** What only tests use is left out: it may call what stands above. @returns {string[]} such as `libs/identity -> libs/pure` */
export function arrowsBetweenWings(imports, libs) {
  return arrowsBetween(imports, (path) => {
    if (isForTests(path)) return null;
    return libs.find(({ name, wing }) => path.startsWith(`${wing}/${name}/`))?.wing ?? null;
  });
}

function arrowsBetween(imports, ownerOf) {
  const arrows = new Set();
  for (const [path, targets] of imports) {
    const from = ownerOf(path);
    for (const to of targets.map(ownerOf)) {
      if (from !== null && to !== null && from !== to) arrows.add(`${from} -> ${to}`);
    }
  }
  return [...arrows].sort();
}
