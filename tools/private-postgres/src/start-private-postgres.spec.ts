import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { query } from '../testing/database';
import { removeScratch, scratchFolder } from '../testing/scratch';
import {
  databaseUrlFile,
  startPrivatePostgres,
  type Durability,
  type PrivatePostgres,
} from './start-private-postgres';

const isRoot = process.getuid?.() === 0;
const baseDirectory = scratchFolder();
const lines: string[] = [];
let postgres: PrivatePostgres | undefined;

async function start(durability: Durability): Promise<PrivatePostgres> {
  lines.length = 0;
  postgres = await startPrivatePostgres({ baseDirectory, durability, log: (line) => lines.push(line) });
  return postgres;
}

afterEach(() => postgres?.stop());
afterAll(removeScratch);

/** In this order: the first one makes the cluster, the others start it again. */
describe('startPrivatePostgres', () => {
  it('makes a cluster of its own with an empty database, and remembers its address', async () => {
    const { url } = await start('durable');

    expect(lines).toEqual([
      expect.stringMatching(/^Making a private/),
      'Starting the private PostgreSQL ...',
    ]);
    const [database] = await query(
      url,
      'SELECT datname, pg_encoding_to_char(encoding) AS encoding, datcollate FROM pg_database WHERE datname = current_database()',
    );
    expect(database).toEqual({ datname: 'countersign', encoding: 'UTF8', datcollate: 'C' });
    expect(readFileSync(databaseUrlFile(baseDirectory), 'utf8')).toBe(`${url}\n`);
  });

  it('serves this machine only, by password, and forces what it acknowledges to disk', async () => {
    const { url } = await start('durable');

    const [settings] = await query(
      url,
      `SELECT ${[
        'listen_addresses',
        'unix_socket_directories',
        'max_connections',
        'password_encryption',
        'fsync',
      ]
        .map((name) => `current_setting('${name}') AS ${name}`)
        .join(', ')}`,
    );
    expect(settings).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      password_encryption: 'scram-sha-256',
      fsync: 'on',
    });
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'))).rejects.toThrow('password authentication failed');
  });

  it('moves to another port when somebody else has its own', async () => {
    const { port } = await start('durable');
    await postgres?.stop();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));

    const moved = await start('durable');

    squatter.close();
    expect(moved.port).not.toBe(port);
    expect(await query(moved.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readFileSync(databaseUrlFile(baseDirectory), 'utf8')).toBe(`${moved.url}\n`);
  });

  it('is gone when stopped, however often that is asked', async () => {
    const { url, stop } = await start('durable');

    await Promise.all([stop(), stop()]);

    expect(existsSync(join(baseDirectory, 'data/postmaster.pid'))).toBe(false);
    await expect(query(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('lets nobody else read data, address and log', () => {
    const modeOf = (name: string): string => (statSync(join(baseDirectory, name)).mode & 0o777).toString(8);

    expect(['data', 'database-url', 'postgres.log'].map(modeOf)).toEqual(['700', '600', '600']);
  });

  (isRoot ? it : it.skip)(
    'runs as another user when we are root, and gives that one the data alone',
    async () => {
      await start('durable');

      const ownerOf = (name: string): number => statSync(join(baseDirectory, name)).uid;
      expect(ownerOf('data')).not.toBe(0);
      expect(['database-url', 'postgres.log', ''].map(ownerOf)).toEqual([0, 0, 0]);
    },
  );
});
