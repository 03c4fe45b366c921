import { h } from '../../dom';
import { askFor, onAct } from '../../acts';
import { tonWalletOf } from '../../made-up';
import { apart, applicationId, countersign, signedIn } from '../../me';
import { addSection } from '../../section';

export function tonSection(): void {
  const section = addSection(
    'ton',
    'TON proof',
    'TON Connect has its own proof: the wallet signs the payload of the service with the domain of the page and the time. A wallet application does that; here the playground does, with the made-up key of a wallet of version 3. To link is confirmed in another launch.',
  );
  const { body, action } = section;
  body.append(
    h(
      'div',
      { className: 'buttons' },
      action('Link my wallet of TON', () => askFor('account.link', section, { kind: 'ton' })),
      action('Sign in by the wallet of TON', async () => {
        const { id } = signedIn();
        return apart('the wallet', async (theirs) => {
          // TON Connect asks for the proof before it tells the address.
          const challenge = await theirs.call('POST', '/v1/auth/wallets/challenges', {
            body: { applicationId, kind: 'ton-proof' },
          });
          const { tonProof } = await tonWalletOf(id, challenge);
          const { challengeId } = challenge;
          const { userId, assurance } = await theirs.signIn({ with: 'wallets', challengeId, tonProof });
          return `The wallet opened a session of account ${userId}, with assurance ${assurance}.`;
        });
      }),
      action('Sign for another domain', async () => {
        const { id } = signedIn();
        return apart('the wallet', async (theirs) => {
          const challenge = await theirs.call('POST', '/v1/auth/wallets/challenges', {
            body: { applicationId, kind: 'ton-proof' },
          });
          const { tonProof } = await tonWalletOf(id, { ...challenge, domain: 'evil.example' });
          await theirs.signIn({ with: 'wallets', challengeId: challenge.challengeId, tonProof });
          return 'Accepted.';
        });
      }),
    ),
  );
  onAct('account.link', 'ton', async ({ call }) => {
    const { id } = signedIn();
    const { address } = await tonWalletOf(id);
    const challenge = await countersign.call('POST', '/v1/wallets/challenges', {
      body: { kind: 'ton-proof', address, purpose: 'link' },
    });
    const { tonProof } = await tonWalletOf(id, challenge);
    const { challengeId } = challenge;
    const linked = await call('POST', '/v1/wallets/links', {
      body: { applicationId, challengeId, tonProof },
    });
    return `Linked ${linked.address}.`;
  });
}
