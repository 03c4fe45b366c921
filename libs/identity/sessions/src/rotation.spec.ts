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
    const next = tokens.mint(ID, presented.family);
    session = sessionWith(next, withRotation(session, presented, next, after(second)));
    pairs.push(next);
  }
  return { pairs, session };
}

describe('a presented refresh token', () => {
  it('is repeated also when its successor has been used since', () => {
    const { pairs, session } = chain(0, 1, 2, 3);

    for (const [index, pair] of pairs.slice(0, -1).entries())
      expect(checkRefresh(session, present(pair), after(4))).toMatchObject({
        kind: 'repeated',
        pair: { refreshToken: pairs[index + 1]?.refreshToken },
      });
  });

  it('leaves only what is recent, sealed under the token that was presented', () => {
    const { pairs, session } = chain(0, 20, 40);

    expect(session.rotations).toHaveLength(1);
    expect(JSON.stringify(session.rotations)).not.toContain(pairs[3]?.refreshToken);
    const stored = JSON.stringify(
      session.rotations.map(({ successor }) => Buffer.from(successor, 'base64url').toString('latin1')),
    );
    expect(stored).not.toContain('cs_rt_');
  });

  it('never keeps more than sixteen', () => {
    const { session } = chain(...Array.from({ length: 40 }, (_, index) => index / 10));

    expect(session.rotations).toHaveLength(16);
  });
});
