import fc from 'fast-check';
import { AcceptedBots } from '@countersign/applications';
import hostile from '../vectors/miniapp-hostile.json';
import { aPerson } from '../factories';
import { drawsEverything } from '../support/draw';
import { FakeClock } from '../support/fake-clock';
import { inventoryOf } from '../support/inventory';
import { loginOf, openWeb3InitDataOf, postTo, widgetForms } from '../support/proofs';
import { useTestApp } from '../support/use-test-app';

const then = new FakeClock(new Date(hostile.now * 1_000));
const app = useTestApp({ clock: then });

describe('a proof under change', () => {
  /** Every door by the text of its proof, and how that text is sent. */
  const doors = {
    'telegram/init-data': async () => {
      const demo = await app.createApplication();
      const send = (initData: string) => ({ applicationId: demo.applicationId, initData });
      return { text: app.initDataOf(demo), send };
    },
    'telegram/third-party-init-data': async () => {
      const { applicationId, botId, botToken } = await app.createApplication();
      await app.nest
        .get(AcceptedBots)
        .allow(applicationId, { provider: 'telegram', environment: 'production', botId });
      const send = (initData: string) => ({ applicationId, botId, initData });
      // The hash is not covered here, so it is left out.
      const text = app.initDataOf({ applicationId, botId, botToken }).replace(/&hash=.*/, '');
      return { text, send };
    },
    'telegram/login-widget': async () => {
      const demo = await app.createApplication();
      const send = (query: string) => ({ applicationId: demo.applicationId, query });
      return { text: widgetForms.query(loginOf(app, demo, aPerson())).query, send };
    },
    'openweb3/init-data': async () => {
      const im = await app.createApplication({ bot: { provider: 'openweb3' } });
      const send = (initData: string) => ({ applicationId: im.applicationId, initData });
      return { text: openWeb3InitDataOf(app, im, aPerson()), send };
    },
  };

  it.each(Object.entries(doors))('is refused at %s, and nothing is written', async (path, prepare) => {
    const { text, send } = await prepare();
    const before = await inventoryOf(app);

    await fc.assert(
      fc.asyncProperty(mutationsOf(text), async (mutated) => {
        fc.pre(!sameFields(mutated, text));
        const { status } = await postTo(app, path, send(mutated));
        expect([400, 401]).toContain(status);
      }),
      { numRuns: drawsEverything ? 3_000 : 100 },
    );
    expect(await inventoryOf(app)).toEqual(before);
    expect((await postTo(app, path, send(text))).status).toBe(200);
  });
});

function mutationsOf(text: string): fc.Arbitrary<string> {
  const position = fc.nat(text.length - 1);
  return fc.oneof(
    fc
      .tuple(position, fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }))
      .map(([at, inserted]) => text.slice(0, at) + inserted + text.slice(at)),
    fc
      .tuple(position, fc.integer({ min: 1, max: 9 }))
      .map(([at, count]) => text.slice(0, at) + text.slice(at + count)),
    position.map((at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)),
    fc.string({ maxLength: 200, unit: 'binary' }),
  );
}

/** Whether a change left every decoded field as it was: another spelling of one proof, and no forgery. */
function sameFields(one: string, other: string): boolean {
  const fieldsOf = (text: string): string => JSON.stringify([...new URLSearchParams(text)].sort());
  return fieldsOf(one) === fieldsOf(other);
}
