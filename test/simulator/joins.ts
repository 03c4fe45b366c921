import { asPerson, authorized, byDevice, refused, ok, type Act } from './act';
import { separation } from './separations';
import { MINUTE } from './model';
import { launchFor } from './sign-ins';

function askToStepUp(act: string): Act {
  return byDevice('joins', ({ token, device }) => ({
    call: asPerson(token, 'POST', '/v1/me/step-up/requests', { act }),
    outcomes: authorized(token, 'step-up', () => [ok('a code')]),
    learn: ({ status, body }) => {
      device.code = status === 201 ? String(body['code']) : null;
    },
  }));
}

/** Two people join their accounts: five acts that follow each other. */
export const joinActs: Readonly<Record<string, Act>> = {
  'separate the accounts': separation,
  'ask to step up': askToStepUp('account.join'),
  'ask to step up for a wallet': askToStepUp('account.link'),
  'sign in by a referral': launchFor(
    ({ referralCodes }, { application }) => {
      const codes = referralCodes.filter((each) => each.application === application);
      return codes.length === 0 ? null : `r_${codes.at(-1)?.code}`;
    },
    () => undefined,
  ),
  'launch to step up': launchFor(
    (_, { code }) => (code === null ? null : `s_${code}`),
    ({ stepUp }) => stepUp,
  ),
  'ask to join': byDevice('joins', ({ token, device, session, model, world }) => {
    const { grant } = device;
    if (grant === null || !session?.id) return null;
    const asking = { session: session.id, until: model.now + 10 * MINUTE };
    return {
      call: asPerson(token, 'POST', '/v1/me/joins', undefined, grant),
      outcomes: authorized(token, 'join', () => [ok('asked'), refused('refused without a grant', [403])]),
      learn: ({ status, body }) => {
        device.grant = null;
        const { code, number } = body as { readonly code: string; readonly number: number };
        world.join = status === 201 ? { code, number, ...asking } : null;
      },
    };
  }),
  'launch to join': launchFor(
    ({ join }) => (join === null ? null : `j_${join.code}`),
    ({ join }) => join,
  ),
  'accept the join': byDevice('joins', ({ token, device, world, step }) => {
    const { join } = world;
    if (join === null || device.grant === null) return null;
    const isRight = step.choice < 0.8;
    const number = isRight ? join.number : join.number === 99 ? 10 : join.number + 1;
    return {
      call: asPerson(token, 'POST', `/v1/joins/${join.code}/accept`, { number }, device.grant),
      outcomes: authorized(token, 'join', (model, _, loser) => {
        const asking = model.sessions.find(({ id }) => id === join.session);
        const survivor = asking && model.users[asking.user];
        const isOpen = asking && !asking.isGone && !model.isOver(asking) && model.now < join.until;
        const areReady = [survivor, loser].every((user) => user?.isActive && !user.erasure && !user.isErased);
        if (!survivor || !isOpen || !areReady || survivor === loser || !isRight)
          return [refused(isRight ? 'refused' : 'a wrong number')];
        return [ok('merged', () => model.merge(survivor, loser))];
      }),
      learn: ({ status }) => {
        device.grant = null;
        if (status === 200) world.join = null;
      },
    };
  }),
};
