import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateKeyRing } from '@countersign/crypto';
import { folderApartFrom } from '../support/other-device';
import { Countersign } from '../support/run-countersign';
import { createTestDatabase, databaseEnvironment } from '../support/test-database';
import { until } from '../support/until';
import { patience } from '../runner/patience.cjs';
import { freePort, listens } from './support/program';

const BUILD_AND_BOOT_MS = 240_000 * patience;

describe('npm start', () => {
  it(
    'makes no ledger in production, drains when npm gets SIGTERM, and ends after it',
    async () => {
      const database = await createTestDatabase();
      const [data] = await database.query<{ data_directory: string }>('SHOW data_directory');
      const folder = folderApartFrom(data?.data_directory ?? '');
      const keys = JSON.stringify(generateKeyRing());
      const production = { NODE_ENV: 'production', ERASURE_LEDGER: `file://${folder}/erasures` };
      const [port, gatewayPort] = [await freePort(), await freePort()];
      const start = () =>
        spawn('npm', ['start'], {
          detached: true,
          cwd: join(__dirname, '../..'),
          env: {
            ...process.env,
            // Refused in production.
            PATIENCE: undefined,
            ...databaseEnvironment(database),
            ...production,
            KEYS: keys,
            PORT: String(port),
            GATEWAY_PORT: String(gatewayPort),
            JOBS: 'off',
          },
        });
      const refused = start();
      const refusal = text(refused.stderr);
      await once(refused, 'close');
      expect(await refusal).toContain('is missing: run `countersign migrate`');
      expect(readdirSync(folder)).toEqual([]);
      await new Countersign({ database, keys }, production).run('migrate');
      expect(readdirSync(folder)).toEqual(['erasures']);
      const npm = start();
      let output = '';
      const listening = new Promise<void>((resolve) => {
        for (const stream of [npm.stdout, npm.stderr])
          stream.on('data', (bytes: Buffer) => {
            output += bytes.toString('utf8');
            if (output.includes('"listening"')) resolve();
          });
      });
      const ended = once(npm, 'close');
      try {
        const failure = ended.then(() => Promise.reject(new Error(`it ended before it listened: ${output}`)));
        await Promise.race([listening, failure]);
        failure.catch(() => undefined);
        const [page, signer] = await Promise.all([
          fetch(`http://127.0.0.1:${port}/playground`),
          fetch(`http://127.0.0.1:${port}/playground/init-data`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ id: 4_000_000_000_000_001 }),
          }),
        ]);
        const request = connect(port, '127.0.0.1');
        let answer = '';
        request.on('data', (bytes: Buffer) => {
          answer += bytes.toString('utf8');
        });
        request.write('POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
        request.write('Content-Length: 2\r\nExpect: 100-continue\r\n\r\n');
        await until(() => answer.includes('100 Continue'));

        npm.kill('SIGTERM');
        await until(async () => !(await listens(port)));
        request.write('{}');
        const [exitCode] = (await ended) as [number | null];

        expect(answer).toContain('HTTP/1.1 400 ');
        expect(output).toContain('"stopped"');
        // Nobody signs for made-up people in production.
        expect([page.status, signer.status]).toEqual([404, 404]);
        expect(exitCode).toBe(0);
      } finally {
        endGroup(npm.pid);
        rmSync(folder, { recursive: true, force: true });
        await database.drop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});

/** Also what npm has left behind, which is in its process group. */
function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
