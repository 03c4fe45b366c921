import { sendLink } from './linked-wallets';
import { askToJoin, steppedUpFor, withGrant } from './relaunch';
import { times } from '../factories';
import { expectNoFault, refusable, type AccountHistory } from './account-history';

/** The statuses of acts that the session may not do. */
const REFUSED = [401, 403];

type Act = (history: AccountHistory) => Promise<void>;

/** What the two people do. */
const honestActs: Readonly<Record<string, Act>> = {
  'the victim visits': async (history) => history.visit(),
  'the friend joins the victim': async (history) => {
    const { victim, friend } = history.people;
    await history.consent(() => history.join(victim, { person: friend }));
  },
  'the victim joins the friend': async (history) => {
    const { victim, friend } = history.people;
    await history.consent(() => history.join(friend, { person: victim }));
  },
  'the friend leaves': async (history) => {
    const session = await history.signIn(history.people.friend);
    const own = (await history.separableOf(session)).find(({ needsStepUp }) => !needsStepUp);
    if (own) await history.separate(session, own.joinId);
  },
};

/** By launches of the victim, with start parameters of the thief's choice. */
const launchActs: Readonly<Record<string, Act>> = {
  'a captured launch opens a session': async (history) => {
    const puppet = await history.puppet();
    if (puppet) history.steal(puppet);
  },
  'the thief guesses the number': async (history) =>
    history.join(history.people.thief, history.captured(), history.guess),
  'the victim is joined to the thief': async (history) =>
    history.join(history.people.thief, history.captured()),
  'the thief is joined to the victim': async (history) => {
    const puppet = await history.puppet();
    if (puppet) await history.joinTo(puppet, { person: history.people.thief });
  },
  'a wallet of the thief is linked to the victim': async (history) => {
    const puppet = await history.puppet();
    const second =
      puppet && (await refusable(steppedUpFor(history.app, history.demo, puppet, 'account.link')));
    if (!second) return;
    const post: typeof second.post = (path, body) => withGrant(second.post(path, body), second.grant);
    expectNoFault(await refusable(sendLink({ ...second, post }, history.wallets.thief)));
  },
  'a captured launch exports': async (history) => {
    const puppet = await history.puppet();
    if (!puppet) return;
    expect(REFUSED).toContain((await puppet.get('/v1/me/export')).status);
  },
  'a captured launch erases': async (history) => {
    const puppet = await history.puppet();
    if (puppet) expectNoFault(await puppet.delete(`/v1/me?confirm=${puppet.userId}`));
  },
};

/** By the thief's own launches, also while their identity is at the victim's account. */
const thiefActs: Readonly<Record<string, Act>> = {
  'the thief is joined to the helper': async (history) =>
    history.join(history.people.helper, { person: history.people.thief }),
  'the thief separates': async (history) => {
    const session = await history.signIn(history.people.thief);
    const [first] = await history.separableOf(session);
    if (first) await history.separate(session, first.joinId);
  },
  'the thief ends sessions': async (history) => {
    const own = await history.signIn(history.people.thief);
    expectNoFault(await own.delete('/v1/me/sessions'));
  },
  'the thief floods': async (history) => {
    const own = await history.signIn(history.people.thief);
    for (let calls = 0; calls < 600; calls += 60)
      await Promise.all(times(60, () => own.delete('/v1/me/joins/x').then(expectNoFault)));
  },
  'the thief erases': async (history) => {
    const own = await history.signIn(history.people.thief);
    await own.stepUp();
    expectNoFault(await own.delete(`/v1/me?confirm=${own.userId}`));
  },
};

/** By an access token of the victim. */
const tokenActs: Readonly<Record<string, Act>> = {
  'the token asks for a step-up, which a captured launch brings': async (history) =>
    history.joinTo(history.token, { person: history.people.thief }),
  'the token acts without a grant': async ({ token, isTokenFresh }) => {
    expect(REFUSED).toContain((await token.post('/v1/me/joins')).status);
    expect(REFUSED).toContain((await token.get('/v1/me/export')).status);
    if (isTokenFresh) return;
    expect(REFUSED).toContain((await token.delete(`/v1/me?confirm=${token.userId}`)).status);
  },
  'the token accepts without a grant': async (history) => {
    const { app, demo, people, token } = history;
    const asked = await refusable(askToJoin(app, demo, await history.signIn(people.thief)));
    if (!asked) return;
    const { status } = await token.post(`/v1/joins/${asked.code}/accept`, { number: asked.number });
    expect([...REFUSED, 409]).toContain(status);
  },
  'the token changes the profile': async ({ token }) =>
    expectNoFault(await token.patch('/v1/me/profile', { biography: 'of the thief' })),
  'the token ends sessions': async ({ token }) => expectNoFault(await token.delete('/v1/me/sessions')),
};

export const historyActs = { ...honestActs, ...launchActs, ...thiefActs, ...tokenActs };
