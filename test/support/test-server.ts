import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A disposable PostgreSQL of the run. */
export interface TestServer {
  /** Of the superuser, straight to the server. */
  readonly url: string;
  /** The way of the service: through the pooler, if the server has one. */
  readonly serviceUrl: string;
  /** Its data and its log, until the run ends. */
  readonly folder: string;
}

/** The servers for files of `pooled-files.json` and for the others: the same one, if the run has no pooler. */
export interface TestServers {
  readonly pooled: TestServer;
  readonly direct: TestServer;
}

const VARIABLE = 'TEST_SERVERS';

const pooledFiles = new Set(
  JSON.parse(readFileSync(join(__dirname, '../integration/pooled-files.json'), 'utf8')) as string[],
);

/** Whether this file runs behind the pooler, if the run has one. */
function isPooled(testPath: string): boolean {
  return pooledFiles.has(basename(testPath));
}

/** Tells jest's workers, which start later. */
export function publishServers({ pooled, direct }: TestServers): void {
  const handle = ({ url, serviceUrl, folder }: TestServer): TestServer => ({ url, serviceUrl, folder });
  process.env[VARIABLE] = JSON.stringify({ pooled: handle(pooled), direct: handle(direct) });
}

/** The server of the running test file. */
export function testServer(): TestServer {
  const servers = process.env[VARIABLE];
  if (!servers) throw new Error('the global setup has not run');
  const { pooled, direct } = JSON.parse(servers) as TestServers;
  return isPooled(expect.getState().testPath ?? '') ? pooled : direct;
}
