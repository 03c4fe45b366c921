import type { Schemas } from '@countersign/client';
import type { ActDetails } from '@countersign/client/wallets';
import { h } from '../../dom';

/** What the person reads and answers before a wallet acts, and the words of a wallet. */
export interface Questions {
  readonly element: HTMLElement;
  /** Shows what the service reads in the bytes. @returns whether the person wants it; another question declines this one */
  readonly confirm: (details: ActDetails) => Promise<boolean>;
  /** Until the person hides them, or leaves the page. */
  readonly showWords: (words: Schemas['WalletWordsResponse']) => void;
}

interface Wording {
  readonly title: string;
  readonly yes: string;
  readonly no: string;
}

const SIGNING: Wording = { title: 'What would be signed', yes: 'Sign it', no: 'Do not sign' };

export function questions({ title, yes, no } = SIGNING): Questions {
  const element = h('div');
  let decline = (): void => undefined;
  // A browser may store the page as it is, and show it again.
  addEventListener('pagehide', close);

  function close(): void {
    element.replaceChildren();
    decline();
  }

  function ask(heading: string, kind: string, ...children: readonly (Node | null)[]): void {
    const box = h(
      'div',
      { className: `question ${kind}`, role: 'group', 'aria-label': heading, tabIndex: -1 },
      h('h3', {}, heading),
      ...children,
    );
    element.replaceChildren(box);
    box.focus();
  }

  return {
    element,
    confirm: ({ summary, text, chain }) =>
      new Promise((resolve) => {
        close();
        decline = () => resolve(false);
        const answer = (label: string, isWanted: boolean): HTMLElement =>
          button(label, () => {
            resolve(isWanted);
            close();
          });
        ask(
          title,
          '',
          ...summary.map((sentence) => h('p', {}, sentence)),
          text === null ? null : h('pre', { tabIndex: 0, role: 'group', 'aria-label': 'Text' }, text),
          h('p', { className: 'age' }, `For ${chain}.`),
          h('div', { className: 'buttons' }, answer(yes, true), answer(no, false)),
        );
      }),
    showWords({ words, path }) {
      close();
      const copy = button('Copy the words', () => {
        navigator.clipboard.writeText(words).then(
          () => (copy.textContent = 'Copied. Other programs can read the clipboard: overwrite it.'),
          () => (copy.textContent = 'The browser does not allow it'),
        );
      });
      ask(
        'The words of your wallet',
        'secret',
        h(
          'p',
          {},
          'Write them on paper. Their holder has the wallet, and nobody can take them back: never type them into a page, and send them to nobody. They are shown once: they are gone when you leave this page.',
        ),
        h('ol', {}, ...words.split(' ').map((word) => h('li', {}, word))),
        h('p', { className: 'age' }, `BIP-39, path ${path}. Most wallets of TON have words of another kind.`),
        h('div', { className: 'buttons' }, button('I have written them down', close), copy),
      );
    },
  };
}

function button(label: string, work: () => void): HTMLButtonElement {
  const element = h('button', { type: 'button' }, label);
  element.addEventListener('click', work);
  return element;
}
