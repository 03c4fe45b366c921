import { hasCode, type Schemas } from '@countersign/client';
import {
  createEmbeddedWallet,
  exportWords,
  walletSigner,
  type WalletSigner,
} from '@countersign/client/wallets';
import { askFor, onAct } from '../../acts';
import { h, tail } from '../../dom';
import { countersign, signedIn } from '../../me';
import { addSection } from '../../section';
import { questions } from './question';

type Wallet = Schemas['WalletResponse'];
type State = Schemas['EmbeddedStateResponse'];

/** An act of this section. */
const KIND = 'embedded';
const NAMES = { ethereum: 'Ethereum', ton: 'TON' } as const;
const CHAIN = 'eip155:1';

interface Wanted {
  /** Of the person. */
  readonly text: string;
  readonly address: string;
}

/** A label, and what is signed. */
type Signature = readonly [string, (signer: WalletSigner, wanted: Wanted) => Promise<string>];

const SIGNATURES: Readonly<Record<Wallet['provider'], readonly Signature[]>> = {
  ethereum: [
    ['Sign with Ethereum', (signer, { text }) => signer.signMessage(CHAIN, text)],
    ['Sign a permit with Ethereum', (signer, { address }) => signer.signTypedData(CHAIN, permitOf(address))],
  ],
  ton: [
    [
      'Sign with TON',
      async (signer, { text }) => (await signer.signTonData(location.host, { type: 'text', text })).signature,
    ],
    [
      'Prove TON to this site',
      async (signer, { text }) => (await signer.signTonProof(location.host, text)).signature,
    ],
  ],
};

export function embeddedSection(): void {
  const section = addSection(
    'embedded',
    'Embedded wallet',
    'A wallet whose key the service has: one for each chain and person. A token is good for one signature, and says what the bytes mean before they are signed. The words are shown after a step-up.',
  );
  const { body, action } = section;
  const message = h('input', { type: 'text', value: 'Hello from the playground', maxLength: 200 });
  const { element: question, confirm, showWords } = questions();
  const shown = h('div', { className: 'embedded' });
  const create = (chain: 'evm' | 'ton') => async () => {
    signedIn();
    const { address } = await createEmbeddedWallet(countersign, chain);
    await show();
    return `Your wallet is ${address}.`;
  };
  body.append(
    h(
      'div',
      { className: 'buttons' },
      action('Create my wallet of Ethereum', create('evm')),
      action('Create my wallet of TON', create('ton')),
      action('Show my embedded wallets', async () => {
        signedIn();
        return `Embedded wallets: ${await show()}.`;
      }),
    ),
    h('label', {}, 'Text to sign', message),
    question,
    shown,
  );
  onAct('wallet.unfreeze', KIND, async ({ call }, walletId = '') => {
    await call('DELETE', '/v1/wallets/{walletId}/freeze', { path: { walletId } });
    await show();
    return 'The wallet acts again.';
  });
  onAct('wallet.export', KIND, async (act, walletId = '') => {
    const words = await exportWords(countersign, act, walletId);
    await show();
    showWords(words);
    return 'The words are shown under “Embedded wallet”.';
  });

  async function show(): Promise<number> {
    const { items } = await countersign.call('GET', '/v1/wallets');
    const own = items.filter(({ kind }) => kind === 'embedded');
    shown.replaceChildren(...(await Promise.all(own.map(viewOf))));
    return own.length;
  }

  async function viewOf({ walletId, address, provider }: Wallet): Promise<HTMLElement> {
    const path = { walletId };
    const state = await countersign.call('GET', '/v1/wallets/{walletId}/embedded', { path });
    const wanted = { kind: KIND, id: walletId };
    const signer = walletSigner(countersign, walletId, confirm);
    return h(
      'article',
      { 'aria-label': `Wallet of ${NAMES[provider]}` },
      h('h3', {}, `${NAMES[provider]}: ${address}`),
      h('p', {}, sentencesOf(state)),
      h(
        'div',
        { className: 'buttons' },
        ...SIGNATURES[provider].map(([label, sign]) =>
          action(label, () => said(sign(signer, { text: message.value, address }))),
        ),
        state.frozenAt === null
          ? action(`Freeze ${NAMES[provider]}`, async () => {
              await countersign.call('POST', '/v1/wallets/{walletId}/freeze', { path });
              await show();
              return 'The wallet does nothing until you end that.';
            })
          : action(`Let ${NAMES[provider]} act again`, () => askFor('wallet.unfreeze', section, wanted)),
        action(`Show the words of ${NAMES[provider]}`, () => askFor('wallet.export', section, wanted)),
      ),
    );
  }
}

async function said(signature: Promise<string>): Promise<string> {
  try {
    return `Signed: ${tail(await signature)}`;
  } catch (error) {
    if (hasCode(error, 'local.declined')) return 'Nothing was signed.';
    throw error;
  }
}

/** Typed data (ERC-2612) that lets another take 2.5 of a token. */
function permitOf(owner: string): object {
  const field = (name: string, type = 'uint256'): object => ({ name, type });
  const [token, spender] = [`0x${'70'.repeat(20)}`, `0x${'5e'.repeat(20)}`];
  return {
    domain: { name: 'Playground dollar', version: '1', chainId: 1, verifyingContract: token },
    types: {
      Permit: [
        field('owner', 'address'),
        field('spender', 'address'),
        field('value'),
        field('nonce'),
        field('deadline'),
      ],
    },
    primaryType: 'Permit',
    message: { owner, spender, value: '2500000', nonce: '0', deadline: String(inAnHour()) },
  };
}

/** Unix seconds. */
function inAnHour(): number {
  return Math.floor(Date.now() / 1000) + 3600;
}

function sentencesOf({ frozenAt, exportedAt }: State): string {
  const at = (instant: string): string => new Date(instant).toLocaleString();
  return [
    frozenAt === null ? 'It signs what you confirm.' : `Frozen since ${at(frozenAt)}.`,
    exportedAt === null ? null : `Its words were shown at ${at(exportedAt)}.`,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}
