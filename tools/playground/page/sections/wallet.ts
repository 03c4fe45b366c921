import {
  connectWallet,
  createEmbeddedWallet,
  exportWords,
  walletSigner,
  type ActDetails,
} from '@countersign/client/wallets';
import { askFor, onAct } from '../acts';
import { h, tail } from '../dom';
import { countersign } from '../me';
import { addSection } from '../section';

export function walletSection(): void {
  const section = addSection(
    'wallet',
    'Wallets',
    'A wallet of this browser is connected by one signature. It can be shown and used, and does not sign in.',
    'An embedded wallet of TON, whose key the service has. Before it signs, the service says what the bytes mean, and the person agrees. The words are shown once, after a step-up.',
  );
  const { body, action } = section;
  const text = h('input', { type: 'text', value: 'Hello from the playground', maxLength: 200 });
  const words = h('ol', { className: 'words', 'aria-label': 'The words of your wallet' });
  // A browser may store the page as it is, and show it again.
  addEventListener('pagehide', () => words.replaceChildren());
  body.append(
    h('label', {}, 'Text to sign', text),
    h(
      'div',
      { className: 'buttons' },
      action('Connect the wallet of this browser', connect),
      action('Create my wallet', async () => `Your wallet is ${(await wallet()).address}.`),
      action('Sign the text', async () => {
        const signer = walletSigner(countersign, (await wallet()).walletId, isWanted);
        const { signature } = await signer.signTonData(location.host, { type: 'text', text: text.value });
        return `Signed: ${tail(signature)}`;
      }),
      action('Show its words', () => askFor('wallet.export', section)),
    ),
    words,
  );
  onAct('wallet.export', async (act) => {
    const shown = await exportWords(countersign, act, (await wallet()).walletId);
    words.replaceChildren(...shown.words.split(' ').map((word) => h('li', {}, word)));
    return 'The words are under “Wallets” until you leave the page. Their holder has the wallet: never type them into a page.';
  });
}

async function connect(): Promise<string> {
  const { ethereum } = window as { ethereum?: Parameters<typeof connectWallet>[1] };
  if (!ethereum) return 'This browser has no wallet.';
  const { address, canSignIn } = await connectWallet(countersign, ethereum);
  return `${address} is connected, and ${canSignIn ? 'signs in' : 'does not sign in'}.`;
}

/** Made where there is none. */
function wallet(): ReturnType<typeof createEmbeddedWallet> {
  return createEmbeddedWallet(countersign, 'ton');
}

/** Shows what the service reads in the bytes. */
function isWanted({ summary, text }: ActDetails): boolean {
  return window.confirm([...summary, text ?? ''].join('\n\n'));
}
