import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aBotToken } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { linkWallet, sendLink, walletSession, walletsOf } from '../support/linked-wallets';
import {
  isLive,
  sessionOf,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, aTonWallet, SITE, signInByWallet } from '../support/wallets';

interface Attached {
  readonly identityId: string;
  readonly provider: string;
  readonly userId: string;
  readonly attachedBy: string;
}

interface Listed {
  readonly walletId: string;
  readonly identityId: string;
}

describe('wallets of people who were impersonated', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const game = useApplication(app, { origins: [SITE] });

  const documented = (): string => {
    const text = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    return /```sh\n([^]*?)```/.exec(text.slice(text.indexOf('**A token leaked.**')))?.[1] ?? '';
  };

  const asDocumented = (words: string): string => {
    expect(documented()).toContain(`countersign ${words.split(' ').slice(0, 2).join(' ')}`);
    return words;
  };

  /** A session that calls with the grant of a launch for the act. */
  async function granted(im: Demo, session: PersonSession, act: string): Promise<PersonSession> {
    const second = await steppedUpFor(app, im, session, act);
    return {
      ...second,
      post: (path, body) => withGrant(second.post(path, body), second.grant),
      delete: (path) => withGrant(second.delete(path), second.grant),
    };
  }

  it('leave them by the commands of docs/operations.md, where the holder of a token linked them', async () => {
    const im = await app.addOpenWeb3Bot(game);
    const victim = await signInOpenWeb3(app, im);
    const own = await linkWallet(await granted(im, victim, 'account.link'), anEvmWallet());
    app.clock.advance(60);
    const leak = app.clock.now().toISOString();

    // The holder of the token signs as the person, and links wallets by which they come again.
    const forged = await signInOpenWeb3(app, im, victim.person);
    expect(forged.userId).toBe(victim.userId);
    const [evm, ton] = [anEvmWallet(), aTonWallet('v4', 'ton:-239', () => app.clock.now())];
    const foreign = [
      await linkWallet(await granted(im, forged, 'account.link'), evm),
      await linkWallet(await granted(im, forged, 'account.link'), ton),
    ];
    const primary = await forged.patch(`/v1/wallets/${foreign[0]?.walletId ?? ''}`, { isPrimary: true });
    expect(primary.status).toBe(200);
    const byWallet = await walletSession(app, game, evm);
    expect(byWallet.userId).toBe(victim.userId);

    const named = `--bot-id ${im.botId} --provider openweb3 --environment production`;
    const list = `identity list --attached-since ${leak} --bot openweb3/production/${im.botId}`;
    await countersign.json(asDocumented(`bot set ${im.botId} --status compromised`));
    await countersign.json(asDocumented(`session revoke ${named} --since ${leak}`));
    const attached = await countersign.lines<Attached>(asDocumented(list));
    expect(attached.map(({ identityId }) => identityId).toSorted()).toEqual(
      foreign.map(({ identityId }) => identityId).toSorted(),
    );
    for (const { identityId, userId } of attached) {
      const wallets = await countersign.lines<Listed>(asDocumented(`wallet list --user ${userId}`));
      const wallet = wallets.find((one) => one.identityId === identityId);
      await countersign.json(asDocumented(`wallet unlink ${wallet?.walletId ?? ''}`));
    }
    const token = aBotToken(im.botId);
    await countersign.json(`bot rotate ${im.botId} --token-stdin`, token);
    await countersign.json(`bot set ${im.botId} --status active`);

    for (const session of [forged, byWallet]) expect(await isLive(app, session)).toBe(false);
    const again = await signInOpenWeb3(app, { ...im, botToken: token }, victim.person);
    expect(again.userId).toBe(victim.userId);
    expect(await walletsOf(again)).toMatchObject([{ walletId: own.walletId, isPrimary: true }]);
    const back = await signInByWallet(app, game, evm);
    if (back.status === 200) expect((back.body as { userId: string }).userId).not.toBe(victim.userId);
    else expect(back.status).toBe(403);
    expect(await countersign.lines(list)).toEqual([]);
  });

  it('are neither linked nor unlinked by the holder of a secret of Rapidpace', async () => {
    const { casino, demo } = await aCasinoWithBot(app, { settings: { origins: [SITE] } });
    const victim = await signInPerson(app, demo);
    await victim.stepUp();
    const { walletId } = await linkWallet(victim, anEvmWallet());
    const record = aRecord(app, { telegram_id: victim.person.id });
    expect((await register(app, casino, record)).status).toBeLessThan(300);
    const body = await enter(app, casino.applicationId, queryOf(record, casino.secret));
    const forged = sessionOf(app, body, victim.person, () => ({}));
    expect(forged.userId).toBe(victim.userId);

    expectProblem(await forged.delete(`/v1/wallets/${walletId}`), 403, 'auth.assurance_too_low');
    expectProblem(await sendLink(forged, anEvmWallet()), 403, 'auth.assurance_too_low');
    expect(await walletsOf(victim)).toMatchObject([{ walletId }]);
  });
});
