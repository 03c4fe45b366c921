import type { Call } from './calls';

export const CUSTODY_HELP = `countersign-custody                            runs custody
countersign-custody check <file>               says what a file of rules allows
countersign-custody status                     says whether wallets act, and whether the key ring is split
countersign-custody ring split --ring <file> --shares 3 --threshold 2 <share> <share> <share>
                                               writes shares of the key ring, each into a folder of its own
countersign-custody ring join --out <file> <share> <share>
                                               writes the key ring of some shares into a new file
countersign-custody brake [reason]             stops all wallets: nothing is signed, and no words are shown
countersign-custody release                    lets wallets act again
countersign-custody freeze <walletId>          stops a wallet
countersign-custody unfreeze <walletId>        lets a wallet act again
countersign-custody bind <walletId> <userId>   makes a wallet that of a person at Telegram, by their number there
countersign-custody reader                     runs the reader, which asks nodes about transactions
countersign-custody unsettled                  lists the nonces whose transactions chains may still take
countersign-custody cancel [price] [gas]       signs a transaction that moves nothing for each of these nonces
countersign-custody way-out                    says which ways out were asked for
countersign-custody way-out <walletId>         opens one, a week later: what goes there needs no consent
countersign-custody restore-wallet <walletId>  takes back, within a week, that a wallet was destroyed
countersign-custody restore-keys               puts back what CUSTODY_COPY has and the database has lost
`;

const COMMANDS: Readonly<
  Record<string, readonly [call: Call['call'], fields: readonly string[], done: string]>
> = {
  brake: ['brake', ['reason'], 'All wallets are stopped, until `countersign-custody release`.'],
  status: ['status', [], ''],
  ring: [
    'ring-split',
    ['digest'],
    'The shares are written. Give each to its holder, and delete the file here.',
  ],
  release: ['release', [], 'Wallets act again.'],
  freeze: ['freeze', ['walletId'], 'The wallet <walletId> is stopped.'],
  unfreeze: ['unfreeze', ['walletId'], 'The wallet <walletId> acts again.'],
  bind: ['bind', ['walletId', 'userId'], 'The wallet <walletId> is that of <userId>.'],
  'way-out': ['open-way-out', ['walletId'], 'The wallet <walletId> may send everything to its way out.'],
  'restore-wallet': ['restore', ['walletId'], 'The wallet <walletId> is as before.'],
};

/** The call of an operator's command without its id, and the message after it; null for other words. */
export function commandOf(
  words: readonly string[],
): { readonly call: { readonly call: Call['call'] }; readonly done: string } | null {
  const [command = '', ...rest] = words;
  const values = command === 'brake' ? [rest.join(' ') || 'operator'] : rest;
  const [call, fields = [], done = ''] = Object.hasOwn(COMMANDS, command) ? (COMMANDS[command] ?? []) : [];
  if (!call || fields.length !== values.length) return null;
  const named = Object.fromEntries(fields.map((field, at) => [field, values[at] ?? '']));
  return {
    call: { ...named, call },
    done: done.replace(/<(\w+)>/g, (_, field: string) => named[field] ?? ''),
  };
}
