import './lib/node-version.mjs';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inClone } from './lib/clone.mjs';
import { main, say } from './lib/main.mjs';
import { generatedFiles, wrongMetas } from './lib/unity-package.mjs';

/**
 * The generated files of published/unity. `npm run test:nightly` compiles and runs the package.
 *
 *   npm run check:unity               compares them with the OpenAPI document and the files of the package
 *   npm run check:unity -- --write    writes them
 */
await main(() => {
  const isWritten = process.argv.includes('--write');
  const isStale = ([path, text]) =>
    !existsSync(inClone(path)) || readFileSync(inClone(path), 'utf8') !== text;
  const stale = () => [...generatedFiles()].filter(isStale);
  if (isWritten)
    for (const [path, text] of stale()) {
      mkdirSync(dirname(inClone(path)), { recursive: true });
      writeFileSync(inClone(path), text);
    }
  const faults = [...stale().map(([path]) => path), ...wrongMetas()];
  if (faults.length === 0) return 0;
  say(`Not as generated: ${faults.join(', ')}. Run npm run check:unity -- --write`);
  return 1;
});
