import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = ['dist', 'generated'];

/**
 * One hash over the names and contents of files, for deciding whether something made of them is stale: git keeps no
 * file times.
 *
 * @param {string} folder
 * @param {readonly string[]} paths files and folders below `folder`; absent ones count as such
 * @param {string} [salt] what else the result depends on
 */
export function contentHash(folder, paths, salt = '') {
  const hash = createHash('sha256').update(salt);
  for (const path of paths.flatMap((each) => filesBelow(folder, each))) {
    const content = readFileSync(join(folder, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** What is compiled or generated is no source. @returns {string[]} */
export function filesBelow(folder, path) {
  if (!existsSync(join(folder, path))) return [];
  const files = [];
  const visit = (directory) => {
    for (const entry of readdirSync(join(folder, directory), { withFileTypes: true })) {
      const each = join(directory, entry.name);
      if (entry.isDirectory() && !BUILT.includes(entry.name)) visit(each);
      else if (entry.isFile() && !entry.name.endsWith('.spec.ts')) files.push(each);
    }
  };
  try {
    visit(path);
  } catch (error) {
    if (error.code !== 'ENOTDIR') throw error;
    return [path];
  }
  return files.sort();
}
