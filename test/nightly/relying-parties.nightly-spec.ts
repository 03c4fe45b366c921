import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@countersign/private-postgres';
import { aPerson } from '../factories';
import { useIssuer } from '../support/issuer';
import { acceptedBy, approveDevice, Browser, createClient, openPage } from '../support/openid';
import { signInPerson } from '../support/person-session';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';

const HERE = join(__dirname, '../relying-parties');

describe('relying parties that others have written', () => {
  const issuer = useIssuer();
  const { app } = issuer;
  const demo = useApplication(app);
  const folder = useFixture(async () => ({ path: await mkdtemp(join(tmpdir(), 'countersign-parties-')) }), {
    close: ({ path }) => rm(path, { recursive: true, force: true }),
  });
  const ofGo = () => ({ GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: folder.path });

  it.each([
    // Debian's Python has Debian's packages.
    ['Authlib', ['/usr/bin/python3', join(HERE, 'authlib_client.py')]],
    ['go-oidc', ['go', 'run', join(HERE, 'go-oidc/main.go')]],
  ])('%s signs a person in by code and PKCE, and checks all tokens', async (_, words) => {
    const redirectUrl = `http://127.0.0.1:${await freePort()}/callback`;
    const created = await createClient(app, demo, { redirectUrls: [redirectUrl] });
    const person = aPerson();
    const party = new Party([...words, issuer.url, redirectUrl], ofGo());
    party.child.stdin?.end(JSON.stringify(created));
    await until(() => party.output.includes('\n') || party.child.exitCode !== null);
    const begun = await openPage(new Browser(app), party.output.trim());

    const returned = await acceptedBy(app, demo, person, begun);
    expect((await fetch(returned)).status).toBe(204);

    const { userId } = await signInPerson(app, demo, person);
    const [, found = ''] = (await party.ended()).trim().split('\n');
    expect(JSON.parse(found)).toMatchObject({
      sub: userId,
      userinfo: { sub: userId, name: expect.stringContaining(person.first_name) as string },
    });
  });

  it('a device signs in by a script of twenty lines', async () => {
    const { clientId } = await createClient(app, demo, { isPublic: true, redirectUrls: [] });
    const person = aPerson();
    const party = new Party(['sh', join(HERE, '../../examples/device-login.sh'), issuer.url, clientId]);
    await until(() => party.errors.includes('the code') || party.child.exitCode !== null);

    const phone = await approveDevice(app, demo, person, /Open (\S+)/.exec(party.errors)?.[1] ?? '');

    expect(JSON.parse(await party.ended())).toMatchObject({
      sub: phone.userId,
      name: expect.stringContaining(person.first_name) as string,
    });
  });
});

/** A program of a relying party. */
class Party {
  readonly child: ChildProcess;
  output = '';
  errors = '';

  constructor([program = '', ...words]: readonly string[], more: NodeJS.ProcessEnv = {}) {
    this.child = spawn(program, words, { env: { ...process.env, ...more } });
    this.child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.errors += text.toString()));
  }

  /** @returns what it wrote */
  async ended(): Promise<string> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    if (this.child.exitCode !== 0) throw new Error(`${this.output}\n${this.errors}`);
    return this.output;
  }
}
