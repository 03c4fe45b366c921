import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { generateKeyRing } from '@countersign/crypto';
import { createTestDatabase, databaseEnvironment } from '../support/test-database';
import { until } from '../support/until';
import { patience } from '../runner/patience.cjs';
import { freePort, listens } from './support/program';

const BUILD_AND_BOOT_MS = 240_000 * patience;

describe('npm start', () => {
  it(
    'drains when npm gets SIGTERM, and ends after it',
    async () => {
      const database = await createTestDatabase();
      const [port, gatewayPort] = [await freePort(), await freePort()];
      const npm = spawn('npm', ['start'], {
        detached: true,
        cwd: join(__dirname, '../..'),
        env: {
          ...process.env,
          // Refused in production.
          PATIENCE: undefined,
          ...databaseEnvironment(database),
          NODE_ENV: 'production',
          KEYS: JSON.stringify(generateKeyRing()),
          ERASURE_LEDGER: database.directUrl,
          PORT: String(port),
          GATEWAY_PORT: String(gatewayPort),
          JOBS: 'off',
        },
      });
      let output = '';
      const listening = new Promise<void>((resolve) => {
        for (const stream of [npm.stdout, npm.stderr])
          stream.on('data', (text: Buffer) => {
            output += text.toString('utf8');
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
        request.on('data', (text: Buffer) => {
          answer += text.toString('utf8');
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
