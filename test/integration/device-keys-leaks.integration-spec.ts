import type { Response } from 'supertest';
import { DeviceKey } from '@countersign/proofs/testing';
import { Device, INIT_DATA_DOOR } from '../support/device-key';
import { ISSUER } from '../support/oauth';
import { findCanaries, formsOf } from '../support/search-bytes';
import { dumpOfTables } from '../support/table-dump';
import type { Demo } from '../support/test-app';
import type { SignInBody } from '../factories';
import { useTestApp } from '../support/use-test-app';

/** A device that remembers what it has sent. */
class Watched extends Device {
  readonly proofs: string[] = [];

  override async prove(...wanted: Parameters<Device['prove']>): Promise<string> {
    const proof = await super.prove(...wanted);
    this.proofs.push(proof);
    return proof;
  }
}

describe('of a device key', () => {
  const refusals: Response[] = [];
  const canaries = new Map<string, readonly Buffer[]>();
  const thumbprints = new Map<string, readonly Buffer[]>();

  function watch({ key, proofs }: Watched, name: string): void {
    for (const [member, value] of Object.entries(key.privateJwk))
      if (['d', 'x', 'y', 'n', 'p', 'q'].includes(member) && typeof value === 'string') {
        canaries.set(`${name} ${member}`, formsOf(value));
        canaries.set(`${name} ${member}, bytes`, formsOf(Buffer.from(value, 'base64url')));
      }
    thumbprints.set(name, formsOf(key.thumbprint));
    for (const [index, proof] of proofs.entries()) {
      const [header = '', payload = '', signature = ''] = proof.split('.');
      const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string };
      for (const [part, text] of Object.entries({ header, payload, signature, jti }))
        canaries.set(`${name} proof ${index} ${part}`, formsOf(text));
    }
  }

  /** Everything that a device is used for, well and badly. */
  async function useEverything(device: Watched, demo: Demo): Promise<void> {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    const asked = await device.enter(INIT_DATA_DOOR, body, { at: new Date(0) });
    const entered = await device.enter(INIT_DATA_DOOR, body);
    const first = entered.body as SignInBody;
    await device.getMe(first);
    await device.check(first);
    const second = (await device.refresh(first)).body as SignInBody;
    const { accessToken } = second;
    await device.call('get', '/v1/me/sessions', second);
    const thief = new Watched(app);
    refusals.push(
      asked,
      await thief.enter(INIT_DATA_DOOR, body),
      await thief.getMe(second),
      await device.getMe(second, { header: { jwk: device.key.privateJwk } }),
      await device.getMe(second, { claims: { iat: 'x' } }),
      await device.getMe(second, { method: 'PUT' }),
      await device.check(second, { uri: ISSUER }),
      await device.refresh(second, { at: new Date(0), claims: { exp: 1 } }),
      await app.http
        .get(`/v1/me?dpop=${device.proofs[0] ?? ''}`)
        .set({ authorization: `DPoP ${accessToken}`, dpop: `${device.proofs[0] ?? ''},` }),
    );
    await device.logOut(second);
    watch(thief, 'thief');
  }

  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER, LOG_LEVEL: 'debug' } });

  beforeAll(async () => {
    const demo = await app.createApplication({
      settings: { deviceKey: { required: true } },
    });
    for (const algorithm of ['ES256', 'Ed25519', 'PS256'] as const) {
      const device = new Watched(app, DeviceKey.generate(algorithm));
      await useEverything(device, demo);
      watch(device, algorithm);
    }
  });

  it('something is looked for, and would be found', () => {
    const [name = '', forms = []] = [...canaries].at(-1) ?? [];
    expect(canaries.size).toBeGreaterThan(100);
    expect(findCanaries(Buffer.concat([Buffer.from('…'), ...forms.slice(0, 1)]), canaries)).toContain(name);
  });

  it('the database keeps the thumbprint beside its session, and nothing else', async () => {
    const texts = [...(await dumpOfTables(app.database))].map(
      ([table, text]) => [table, Buffer.from(text)] as const,
    );

    for (const [table, text] of texts)
      expect({ table, found: findCanaries(text, canaries) }).toEqual({ table, found: [] });
    const holders = texts.filter(([, text]) => findCanaries(text, thumbprints).length > 0);
    expect(holders.map(([table]) => table)).toEqual(['public.sessions']);
    const [, sessions = Buffer.alloc(0)] = holders[0] ?? [];
    expect([...findCanaries(sessions, thumbprints)].sort()).toEqual(['ES256', 'Ed25519', 'PS256']);
  });

  it('the log says nothing', () => {
    const log = Buffer.from(app.logLines.join(''));

    expect(app.logLines.length).toBeGreaterThan(20);
    expect(findCanaries(log, canaries)).toEqual([]);
    expect(findCanaries(log, thumbprints)).toEqual([]);
  });

  it('no refusal says anything but the code', () => {
    for (const { status, text, headers } of refusals) {
      const said = Buffer.from(text + JSON.stringify(headers));
      expect(status).toBe(401);
      expect({ text, found: findCanaries(said, canaries) }).toEqual({ text, found: [] });
      expect({ text, found: findCanaries(said, thumbprints) }).toEqual({ text, found: [] });
    }
  });
});
