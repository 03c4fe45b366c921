import { asPerson, authorized, refused, type Act, ok } from './act';
import { given, pickAt } from './random';

interface Separable {
  readonly joinId: string;
  readonly kind: 'link' | 'merge';
  /** The account that returns. */
  readonly userId: string;
  readonly needsStepUp: boolean;
}

/** A person whose account became part of another one takes it out again. */
export const separation: Act = {
  invariant: 'separations',
  prepare: async (world, model, { who, replica, choice }) => {
    const { access: token } = world.device(who);
    if (token === null || model.accepts(token).isAccepted !== true) return null;
    const listed = await world.call(replica, asPerson(token, 'GET', '/v1/me/joins/separable'));
    // A use of the token that no fault disturbs.
    model.use(token);
    const found = (listed.body['items'] ?? []) as readonly Separable[];
    const own = found.filter(({ kind, needsStepUp }) => kind === 'merge' && !needsStepUp);
    if (own.length === 0) return null;
    const { joinId, userId } = pickAt(own, choice);
    if (
      model.merges.some((merge) => merge.wallets.some(({ wallet, isLinked }) => wallet.isLinked !== isLinked))
    )
      return null;
    return {
      call: asPerson(token, 'POST', '/v1/me/separations', { joinId }),
      outcomes: authorized(token, 'separation', (current, session, user) => {
        const merge = current.merges.find(({ loser }) => current.users[loser]?.id === userId);
        if (!merge || current.ownerOf(merge) !== user.key || !merge.people.includes(session.person))
          return [refused('of no such merge')];
        if (!current.isFresh(session)) return [refused('refused without a fresh sign-in', [403])];
        const isLater = given(current.users[merge.survivor]).isMerged;
        return [
          ok(
            isLater ? 'of a merge with a later one' : 'of a merge',
            () => current.separate(merge),
            (body) => (body['userId'] === userId ? null : `the account ${userId}`),
          ),
        ];
      }),
    };
  },
};
