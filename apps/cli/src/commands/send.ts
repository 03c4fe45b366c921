import { chooseIfGiven, ifGiven, instant, uuid, uuidArgument } from '../call';
import { command, group, oneOf, readUpTo } from '../declaration';
import { limit } from '../options';
import { sendStates } from '../words';

export const send = group('send', 'sends of embedded wallets', {
  list: command('list open sends, newest first, without recipients and amounts', {
    '--state <state>': oneOf(sendStates, 'those in this state'),
    '--chain <chainId>': 'only those on this chain, such as eip155:1',
    '--application <applicationId>': 'only those that it asked for',
    '--wallet <walletId>': 'only those of this wallet',
    '--before <instant>': 'only those that were asked for before',
    ...limit,
  }).list({
    read: async (call, app, { sending }) => {
      const filter = {
        state: chooseIfGiven(call, 'state', sendStates),
        chainId: ifGiven(call, 'chain', (_, chainId) => chainId),
        applicationId: ifGiven(call, 'application', uuid),
        walletId: ifGiven(call, 'wallet', uuid),
        createdBefore: ifGiven(call, 'before', instant),
      };
      const directory = app.get(sending.SendDirectory);
      const found = await readUpTo(call, (keyset) => directory.list(filter, keyset), 'id');
      return found.map((one) => sending.AdminSendResponse.of(one));
    },
    columns: {
      send: 'sendId',
      wallet: 'walletId',
      chain: 'chainId',
      nonce: 'nonce',
      state: 'state',
      asked: 'createdAt',
      'nodes say': ({ versions }) =>
        (versions.at(-1)?.answers ?? []).map(({ node, answer }) => `${node}: ${answer}`).join(', ') || '-',
    },
    none: 'None',
  }),
  show: command('show a send, with what each node said', { '<sendId>': 'the send' }).show(
    async (call, app, { sending: { AdminSendResponse, SendDirectory } }) =>
      AdminSendResponse.of(await app.get(SendDirectory).get(uuidArgument(call, 'sendId'))),
  ),
});
