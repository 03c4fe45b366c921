import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of the package.json above: sources and build output are at different depths. */
export function versionOf(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return versionOf(dirname(folder));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
