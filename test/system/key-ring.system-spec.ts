import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extendKeyRing, generateKeyRing } from '@countersign/crypto';
import { Countersign } from '../support/run-countersign';
import { createTestDatabase, databaseEnvironment } from '../support/test-database';
import { until } from '../support/until';
import { patience } from '../runner/patience.cjs';
import { freePort, readableFolder, startScript } from './support/program';

describe('SIGHUP', () => {
  it(
    'reads the key ring again, and keeps it where the file lacks a key that is in use or has a retired one first',
    async () => {
      const [database, folder] = [await createTestDatabase(), await readableFolder()];
      const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
      const file = join(folder.path, 'keys.json');
      const { document: both, id } = extendKeyRing(generateKeyRing(), 'sealing');
      const front = { ...both, sealing: both.sealing.toReversed() };
      const write = (ring: object) => writeFile(file, JSON.stringify(ring));
      await write(both);
      const { child } = await startScript(
        ['dist/apps/api/src/main.js'],
        {
          ...process.env,
          ...databaseEnvironment(database),
          KEYS_FILE: file,
          PORT: String(port),
          GATEWAY_PORT: String(gatewayPort),
          ADMIN_PORT: String(adminPort),
          JOBS: 'off',
        },
        '"listening"',
      );
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
      try {
        await write(front);
        child.kill('SIGHUP');
        await until(() => output.includes('the key ring is read again'));
        expect(
          await database.query(`SELECT key_id FROM key_checks WHERE purpose = 'sealing' AND key_id = $1`, [
            id,
          ]),
        ).toEqual([{ key_id: id }]);

        await write({ ...front, sealing: front.sealing.slice(0, 1) });
        child.kill('SIGHUP');
        await until(() => output.includes('the key ring is not read again'));
        expect(output).toContain('lacks the sealing key');

        const countersign = new Countersign({ database, keys: JSON.stringify(front) });
        expect(await countersign.json('keys rewrap')).toMatchObject({ remaining: 0 });
        output = '';
        child.kill('SIGHUP');
        await until(() => output.includes('the key ring is read again'));

        // The former file comes back: at this replica, and at one that starts.
        await write(both);
        const sentence = `The sealing key ${both.sealing[0]?.id}, the first one in ${file}, was retired at 20`;
        child.kill('SIGHUP');
        await until(() => output.includes('the key ring is not read again'));
        expect(output).toContain(sentence);
        const stale = startScript(
          ['dist/apps/api/src/main.js'],
          {
            ...process.env,
            ...databaseEnvironment(database),
            KEYS_FILE: file,
            PORT: String(await freePort()),
            JOBS: 'off',
          },
          '"listening"',
        );
        await expect(stale).rejects.toThrow(sentence);
        expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
      } finally {
        child.kill('SIGTERM');
        await once(child, 'close');
        await database.drop();
        await folder.remove();
      }
    },
    150_000 * patience,
  );
});
