import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@countersign/private-postgres';
import { aPerson, type Person } from '../factories';
import { useIssuer } from '../support/issuer';
import { acceptedBy, approveDevice, Browser, createClient, openPage } from '../support/openid';
import { signInPerson } from '../support/person-session';
import { recipeFor } from '../support/recipes';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';

const HERE = join(__dirname, '../../examples/relying-parties');

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
    const begun = await openPage(new Browser(app), await party.asks(/^(http\S+)\n/));

    const returned = await acceptedBy(app, demo, person, begun);
    expect((await fetch(returned)).status).toBe(204);

    const { userId } = await signInPerson(app, demo, person);
    expect(await party.person()).toMatchObject({ sub: userId, userinfo: claimsOf(userId, person) });
  });

  it('the library of GitLab signs a person in by the recipe of docs/openid.md', async () => {
    const gitlab = `http://127.0.0.1:${await freePort()}`;
    const redirectUrl = `${gitlab}/users/auth/openid_connect/callback`;
    const { clientId, clientSecret } = await createClient(app, demo, { redirectUrls: [redirectUrl] });
    const person = aPerson();
    const party = new Party(['/usr/bin/ruby', join(__dirname, 'gitlab-library.rb')]);
    const recipe = await recipeFor('ruby', {
      'https://id.example.com': issuer.url,
      'https://gitlab.example.com': gitlab,
      '<clientId>': clientId,
      '<clientSecret>': clientSecret ?? '',
    });
    party.child.stdin?.end(recipe);
    const begun = await openPage(new Browser(app), await party.asks(/^(http\S+)\n/m));

    const returned = await acceptedBy(app, demo, person, begun);
    expect((await fetch(returned)).status).toBe(204);

    const { userId } = await signInPerson(app, demo, person);
    expect(await party.person()).toMatchObject({ sub: userId, userinfo: claimsOf(userId, person) });
  });

  it('a device signs in by a script of twenty lines', async () => {
    const { clientId } = await createClient(app, demo, { isPublic: true, redirectUrls: [] });
    const person = aPerson();
    const party = new Party(['sh', join(HERE, 'device-login.sh'), issuer.url, clientId]);

    const { userId } = await approveDevice(app, demo, person, await party.asks(/Open (\S+)\n/));

    expect(await party.person()).toMatchObject(claimsOf(userId, person));
  });
});

function claimsOf(sub: string, { first_name: name }: Person): object {
  return { sub, name: expect.stringContaining(name) as string };
}

/** A program of a relying party. */
class Party {
  readonly child: ChildProcess;
  /** What it wrote, errors too. */
  output = '';

  constructor([program = '', ...words]: readonly string[], more: NodeJS.ProcessEnv = {}) {
    this.child = spawn(program, words, { env: { ...process.env, ...more } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text: Buffer) => (this.output += text.toString()));
  }

  /** What is in its output when it asks a person. */
  async asks(pattern: RegExp): Promise<string> {
    await until(() => pattern.test(this.output) || this.child.exitCode !== null);
    return pattern.exec(this.output)?.[1] ?? this.output;
  }

  /** The person of its last line. */
  async person(): Promise<unknown> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    if (this.child.exitCode !== 0) throw new Error(this.output);
    return JSON.parse(this.output.trim().split('\n').at(-1) ?? '');
  }
}
