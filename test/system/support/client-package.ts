import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { patience } from '../../runner/patience.cjs';
import { testServer } from '../../support/test-server';
import { run } from './program';

const LIMIT_MS = 120_000 * patience;

/** The script of the page: it exposes `client` to the tests, and shows the status of the session. */
const PAGE = `
import { createCountersign } from '@countersign/client';
import * as acts from '@countersign/client/acts';
import { deviceKeys } from '@countersign/client/device-keys';
import { followTelegramVisibility } from '@countersign/client/telegram';

const asked = new URLSearchParams(location.search);
window.client = createCountersign({
  api: asked.get('api'),
  applicationId: asked.get('application'),
  ...(asked.has('keys') && { deviceKeys: deviceKeys() }),
  ...window.clientOptions,
});
const show = () => {
  document.documentElement.dataset.status = client.session.getSnapshot().status;
};
show();
window.acts = acts;
window.followTelegramVisibility = followTelegramVisibility;
window.start = () => client.session.subscribe(show);
if (!asked.has('waits')) start();
`;

let packed: Promise<string> | undefined;

/** A script for pages, of the client as it is published: packed, unpacked, and bundled. Once for each worker. */
export function packedClient(): Promise<string> {
  return (packed ??= bundle());
}

async function bundle(): Promise<string> {
  // Deleted with the database server of the run.
  const scratch = await mkdtemp(join(testServer().folder, 'client-'));
  const clone = join(__dirname, '../../..');
  await run(process.execPath, [join(clone, 'scripts/pack-packages.mjs'), 'client'], LIMIT_MS);
  const folder = join(scratch, 'node_modules/@countersign/client');
  await mkdir(folder, { recursive: true });
  const archive = join(clone, 'dist/packages/countersign-client.tgz');
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', folder], LIMIT_MS);
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: scratch },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    sourcemap: 'inline',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
