import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';

const PAGE = ['tools', 'playground', 'page'];

/** Theme and element styles of the example, used by this page too; a path in the repository. */
export const BASE_STYLE = 'examples/mini-app/src/base.css';

/** Bundles the page of the playground, with the client, beside the compiled apps. @param {string} dist */
export async function buildPlayground(dist) {
  const { build } = await import('esbuild');
  const from = inClone(...PAGE);
  const to = join(dist, ...PAGE);
  mkdirSync(to, { recursive: true });
  await build({
    entryPoints: [join(from, 'main.ts')],
    outdir: to,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    tsconfig: join(from, 'tsconfig.json'),
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'style.css']) copyFileSync(join(from, name), join(to, name));
  copyFileSync(inClone(BASE_STYLE), join(to, 'base.css'));
}
