import {
  askForConsent,
  connectWallet,
  createEmbeddedWallet,
  untilAccepted,
  walletSigner,
  type ActDetails,
} from '@countersign/client/wallets';
import { h, tail } from '../dom';
import { countersign } from '../me';
import { addSection } from '../section';

export function walletSection(): void {
  const section = addSection(
    'wallet',
    'Wallets',
    'A wallet of this browser is connected by one signature. It can be shown and used, and does not sign in.',
    'An embedded wallet of TON, whose key the service has. Before it signs, the service says what the bytes mean, and the person agrees. What is large the person accepts at the consent bot, whose page is not the service’s; the words are shown there alone.',
  );
  const { body, action } = section;
  const text = h('input', { type: 'text', value: 'Hello from the playground', maxLength: 200 });
  body.append(
    h('label', {}, 'Text to sign', text),
    h(
      'div',
      { className: 'buttons' },
      action('Connect the wallet of this browser', connect),
      action('Create my wallet', async () => {
        const { walletId, address, binding } = await wallet();
        if (binding) await untilAccepted(countersign, walletId, binding, openConsent);
        return `Your wallet is ${address}.`;
      }),
      action('Sign the text', async () => {
        const signer = walletSigner(countersign, (await wallet()).walletId, isWanted, openConsent);
        const { signature } = await signer.signTonProof(location.host, text.value);
        return `Signed: ${tail(signature)}`;
      }),
      action('Show its words', async () => {
        await askForConsent(countersign, (await wallet()).walletId, 'export', openConsent);
        return 'The consent page shows them. Their holder has the wallet: never type them into a page.';
      }),
    ),
  );
}

/** As a click on the link does in Telegram. */
function openConsent(link: string): void {
  const startapp = new URL(link).searchParams.get('startapp') ?? '';
  window.open(`/playground/consent?${new URLSearchParams({ startapp }).toString()}`);
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
