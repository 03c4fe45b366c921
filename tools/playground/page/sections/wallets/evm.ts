import type { ResumedAct } from '@countersign/client/acts';
import { h } from '../../dom';
import { askFor, onAct } from '../../acts';
import { walletOf } from '../../made-up';
import { apart, applicationId, countersign, signedIn } from '../../me';
import { addSection } from '../../section';

export function walletsSection(): void {
  const section = addSection(
    'wallets',
    'Wallets',
    'The service gives a text to sign (EIP-4361), the wallet signs it, and the wallet is yours. The key of this wallet is made up by the playground. To link and to unlink are acts that are confirmed in another launch.',
  );
  const { body, action } = section;
  onAct('account.link', 'wallet', link);
  onAct('account.unlink', 'wallet', async ({ call }, walletId = '') => {
    await call('DELETE', '/v1/wallets/{walletId}', { path: { walletId } });
    return `Unlinked. Wallets: ${await show()}.`;
  });
  const list = h('ul', { className: 'list', 'aria-label': 'My wallets' });
  body.append(
    list,
    h(
      'div',
      { className: 'buttons' },
      action('Link my wallet', () => askFor('account.link', section, { kind: 'wallet' })),
      action('List my wallets', async () => `Wallets: ${await show()}.`),
      action('Sign in by the wallet alone', async () => {
        const { id } = signedIn();
        const { address } = await walletOf(id);
        return apart('the wallet', async (theirs) => {
          const { challengeId, message } = await theirs.call('POST', '/v1/auth/wallets/challenges', {
            body: { applicationId, kind: 'siwe', address },
          });
          const { signature } = await walletOf(id, message ?? '');
          const { userId, assurance } = await theirs.signIn({ with: 'wallets', challengeId, signature });
          return `The wallet opened a session of account ${userId}, with assurance ${assurance}.`;
        });
      }),
    ),
  );

  async function link({ call }: ResumedAct): Promise<string> {
    const { id } = signedIn();
    const { address } = await walletOf(id);
    const { challengeId, message } = await countersign.call('POST', '/v1/wallets/challenges', {
      body: { kind: 'siwe', address, purpose: 'link' },
    });
    const { signature } = await walletOf(id, message ?? '');
    await call('POST', '/v1/wallets/links', { body: { applicationId, challengeId, signature } });
    return `Linked ${address}. Wallets: ${await show()}.`;
  }

  async function show(): Promise<number> {
    const { items } = await countersign.call('GET', '/v1/wallets');
    list.replaceChildren(
      ...items.map(({ walletId, address }) => {
        const unlink = action('Unlink', () =>
          askFor('account.unlink', section, { kind: 'wallet', id: walletId }),
        );
        unlink.className = 'small';
        unlink.setAttribute('aria-label', `Unlink wallet ${address}`);
        return h('li', {}, `${address} `, unlink);
      }),
    );
    return items.length;
  }
}
