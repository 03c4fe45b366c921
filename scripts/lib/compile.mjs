import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { transformFile } from '@swc/core';
import { CLONE, inClone } from './clone.mjs';
import { ADMIN_API } from './console-operations.mjs';
import { filesBelow } from './content-hash.mjs';
import { swcOptions } from './swc-options.cjs';

/**
 * Compiles what `tsconfig.build.json` includes into a folder (the argument), by swc. `npm run lint` checks the types.
 * deploy/Dockerfile runs it, too.
 */

const { include, exclude } = createRequire(import.meta.url)(inClone('tsconfig.build.json'));
const dist = resolve(process.argv[2] ?? 'dist');
const sources = include
  .flatMap((folder) => filesBelow(CLONE, folder))
  .filter((path) => /(?<!\.d)\.ts$/.test(path) && !exclude.some((each) => path.startsWith(`${each}/`)));
await Promise.all(sources.map(compile));
// The compiled code reads its version there.
const { name, version } = JSON.parse(readFileSync(inClone('package.json'), 'utf8'));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, private: true })}\n`);
// The commands of the administration API are made from it.
mkdirSync(join(dist, dirname(ADMIN_API)), { recursive: true });
copyFileSync(inClone(ADMIN_API), join(dist, ADMIN_API));

async function compile(path) {
  const file = join(dist, path.replace(/\.ts$/, '.js'));
  const { code, map } = await transformFile(inClone(path), {
    ...swcOptions(),
    sourceMaps: true,
    inlineSourcesContent: false,
    sourceFileName: relative(dirname(file), inClone(path)),
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${code}//# sourceMappingURL=${basename(file)}.map\n`);
  writeFileSync(`${file}.map`, map);
}
