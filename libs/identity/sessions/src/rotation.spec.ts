import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { checkRefresh, withRotation } from './rotation';
import type { Session } from './session';
import { SessionTokens, type MintedPair, type PresentedRefreshToken } from './session-tokens';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const NOW = new Date('2026-11-20T12:00:00Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

const tokens = new SessionTokens(KeyRing.parse(JSON.stringify(generateKeyRing())));

function present({ refreshToken }: { refreshToken: string }): PresentedRefreshToken {
  const presented = tokens.readRefresh(refreshToken);
  if (!presented) throw new Error('unreadable');
  return presented;
}

function sessionWith(pair: MintedPair, rotations: Session['rotations'] = []): Session {
  return {
    id: ID,
    familyDigest: pair.familyDigest,
    refreshDigest: pair.refreshDigest,
    rotations,
    awaitsFirstUse: rotations.length > 0,
    accessIdleExpiresAt: after(1_800),
  } as Session;
}

/** A chain of pairs, each refreshed from the one before at the given seconds. */
function chain(...seconds: number[]): { pairs: MintedPair[]; session: Session } {
  const first = tokens.mint(ID);
  const pairs = [first];
  let session = sessionWith(first);
  for (const second of seconds) {
    const presented = present(pairs.at(-1) ?? first);
    const seed = tokens.newSeed();
    const next = tokens.successorOf(presented, seed);
    session = sessionWith(next, withRotation(session, presented, seed, after(second)));
    pairs.push(next);
  }
  return { pairs, session };
}

describe('a presented refresh token', () => {
  it('is repeated also when its successor has been used since', () => {
    const { pairs, session } = chain(0, 1, 2, 3);

    for (const [index, pair] of pairs.slice(0, -1).entries()) {
      const verdict = checkRefresh(session, present(pair), after(4));
      expect(verdict.kind).toBe('repeated');
      expect(verdict.kind === 'repeated' && tokens.successorOf(present(pair), verdict.seed)).toEqual(
        pairs[index + 1],
      );
    }
  });

  it('has a successor that its own secret and the stored seed give together, and neither alone', () => {
    const { pairs, session } = chain(0, 20, 40);
    const [older, latest] = [pairs[2], pairs[3]].map((pair) => present(pair ?? { refreshToken: '' }));
    const [{ seed } = { seed: '' }, ...others] = session.rotations;

    expect(others).toEqual([]);
    expect(older && tokens.successorOf(older, seed)).toEqual(pairs[3]);
    expect(latest && tokens.successorOf(latest, seed)).not.toEqual(pairs[3]);
    expect(older && tokens.successorOf(older, tokens.newSeed())).not.toEqual(pairs[3]);
  });

  it('gets the same pair under a new token key, and none when the old one has left the ring', () => {
    const [document, { token }] = [generateKeyRing(), generateKeyRing()];
    const [before, after, without] = [document.token, [...token, ...document.token], token].map(
      (keys) => new SessionTokens(KeyRing.parse(JSON.stringify({ ...document, token: keys }))),
    );
    const presented = before?.readRefresh(before.mint(ID).refreshToken);
    if (!before || !presented) throw new Error('unreadable');
    const seed = before.newSeed();

    expect(after?.successorOf(presented, seed)).toEqual(before.successorOf(presented, seed));
    expect(() => without?.successorOf(presented, seed)).toThrow();
  });

  it('never keeps more than sixteen', () => {
    const { session } = chain(...Array.from({ length: 40 }, (_, index) => index / 10));

    expect(session.rotations).toHaveLength(16);
  });
});
