import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { aPerson } from '../../factories';
import type { Demo, TestApp } from '../../support/test-app';

const ROOT = join(__dirname, '../../..');
/** The origin of the page: it answers by the routes of the browser context. */
export const STARTER = 'http://127.0.0.1:5173';

/** The page that `countersign init` writes, with the client of this clone, for one application. */
export async function buildStarter({ applicationId }: Demo): Promise<string> {
  const ofClone: Plugin = {
    name: 'of-this-clone',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^@countersign\/client(\/|$)/ }, ({ path }) => ({
        path: join(ROOT, 'published/client/src', `${path.split('/')[2] ?? 'index'}.ts`),
      }));
      onLoad({ filter: /countersign\.json$/ }, () => ({
        contents: JSON.stringify({ applicationId }),
        loader: 'json',
      }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'examples/start/src/main.tsx')],
    nodePaths: [join(ROOT, 'node_modules')],
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } },
    define: { 'import.meta.env.DEV': 'false' },
    bundle: true,
    format: 'esm',
    loader: { '.css': 'empty' },
    write: false,
    plugins: [ofClone],
  });
  return outputFiles[0]?.text ?? '';
}

/** Opens the page as Telegram does. The context passes its calls to the service of the test. */
export async function openStarter(
  context: BrowserContext,
  app: TestApp,
  demo: Demo,
  { script, startParam }: { readonly script: string; readonly startParam: string },
): Promise<Page> {
  await context.route(`${STARTER}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/v1/'))
      return route.fulfill({
        response: await route.fetch({ url: `http://127.0.0.1:${app.port}${pathname}` }),
      });
    if (pathname === '/main.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    const body = '<!doctype html><div id="root"></div><script type="module" src="/main.js"></script>';
    return route.fulfill({ contentType: 'text/html', body });
  });
  const page = await context.newPage();
  const initData = app.initDataOf(demo, aPerson(), { startParam });
  await page.goto(`${STARTER}/#tgWebAppData=${encodeURIComponent(initData)}&tgWebAppVersion=9.0`);
  return page;
}
