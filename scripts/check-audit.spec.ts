import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Outcome {
  readonly code: number;
  readonly said: string;
}

const ADVISORY = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  title: 'Reads too much',
  severity: 'high',
  vulnerable_versions: '<2.0.0',
  cwe: [],
  cvss: { score: 8, vectorString: null },
};
interface Judgement {
  readonly findings: string[];
  readonly problems: string[];
}

const { judgeAudit } = jest.requireActual<{
  judgeAudit(report: object, exceptions: object[], today: string): Judgement;
}>('./lib/audit-report.mjs');

let folder: string;
let registry: Server;
let answer: { status: number; advisories: object };

describe('the audit of dependencies', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
    mkdirSync(join(folder, 'scripts'));
    cpSync(join(__dirname, 'lib'), join(folder, 'scripts', 'lib'), { recursive: true });
    cpSync(join(__dirname, 'check-audit.mjs'), join(folder, 'scripts', 'check-audit.mjs'));
    const root = { name: 'shop', version: '1.0.0', dependencies: { reader: '1.0.0' } };
    writeJson('package.json', root);
    writeJson('package-lock.json', {
      name: 'shop',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: { '': root, 'node_modules/reader': { version: '1.0.0' } },
    });
    writeJson('scripts/audit-exceptions.json', []);
    answer = { status: 200, advisories: {} };
    registry = createServer((request, response) => {
      request.resume().on('end', () => {
        const isAudit = request.url?.endsWith('/security/advisories/bulk');
        response.writeHead(isAudit ? answer.status : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isAudit ? answer.advisories : {}));
      });
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => registry.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it('fails on a vulnerability that is high, and names it', async () => {
    answer.advisories = { reader: [ADVISORY] };

    const { code, said } = await audit();

    expect(code).toBe(1);
    expect(said).toContain('reader has to be updated: GHSA-aaaa-bbbb-cccc.');
  });

  it('tells a registry without an answer from a finding', async () => {
    answer.status = 405;

    const { code, said } = await audit();

    expect(code).toBe(2);
    expect(said).toContain('NOT AUDITED');
  });
});

describe('the report', () => {
  const none = { vulnerabilities: {} };
  const reportOf = (severity: string) => ({
    vulnerabilities: {
      reader: { via: [{ ...ADVISORY, name: 'reader', severity }] },
      shop: { via: ['reader'] },
    },
  });
  const exception = { advisory: 'GHSA-aaaa-bbbb-cccc', until: '2027-01-31', reason: 'Never called.' };
  const toUpdate = ['reader has to be updated: GHSA-aaaa-bbbb-cccc.'];

  it.each([
    ['nothing is known', none, [], []],
    ['one is critical', reportOf('critical'), [], toUpdate],
    ['one is moderate', reportOf('moderate'), [], []],
    ['one is accepted until today', reportOf('high'), [exception], []],
    ['one was accepted until yesterday', reportOf('high'), [{ ...exception, until: '2027-01-30' }], toUpdate],
    [
      'another one is accepted',
      reportOf('high'),
      [{ ...exception, advisory: 'GHSA-x' }],
      [...toUpdate, 'GHSA-x is not found any more: remove its exception.'],
    ],
    [
      'an exception is no longer needed',
      none,
      [exception],
      ['GHSA-aaaa-bbbb-cccc is not found any more: remove its exception.'],
    ],
    [
      'an exception has no reason',
      reportOf('high'),
      [{ ...exception, reason: '' }],
      [expect.stringContaining('needs advisory, until')],
    ],
  ])('when %s', (_, report, exceptions, expected) => {
    expect(judgeAudit(report, exceptions, '2027-01-31').problems).toEqual(expected);
  });

  it('prints each advisory once, with the reason why it passes', () => {
    expect(judgeAudit(reportOf('high'), [exception], '2027-01-31').findings).toEqual([
      'high: reader: Reads too much, GHSA-aaaa-bbbb-cccc (accepted until 2027-01-31: Never called.)',
    ]);
  });
});

function writeJson(file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}

function audit(): Promise<Outcome> {
  const { port } = registry.address() as AddressInfo;
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    npm_config_registry: `http://127.0.0.1:${port}`,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(folder, 'scripts', 'check-audit.mjs')],
      { cwd: folder, env },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    );
  });
}
