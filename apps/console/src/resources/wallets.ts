import type { Row } from '../api';
import { resource } from '../ui/resource';

const isEmbedded = ({ kind }: Row): boolean => kind === 'embedded';

export const wallets = resource({
  path: 'wallets',
  list: 'listWallets',
  read: 'readWallet',
  columns: ['walletId', 'userId', 'kind', 'provider', 'chainId', 'isPrimary', 'linkedAt'],
  filters: ['userId'],
  acts: [{ op: 'unlinkWallet', when: (wallet) => !isEmbedded(wallet) }],
  beside: [
    {
      read: 'readCustody',
      acts: [{ op: 'stopWallets', isDanger: true, when: ({ stoppedAt }) => typeof stoppedAt !== 'string' }],
    },
  ],
  sections: [
    {
      read: 'readEmbeddedWallet',
      when: isEmbedded,
      acts: [{ op: 'freezeWallet', isDanger: true, when: ({ frozenAt }) => frozenAt === null }],
    },
    {
      list: 'listSends',
      when: isEmbedded,
      query: ['walletId'],
      columns: ['sendId', 'chainId', 'state', 'applicationId', 'createdAt', 'lookedAt'],
    },
  ],
});
