import { say } from '../../scripts/lib/main.mjs';
import { print } from '../frame.mjs';
import { builtFile } from '../product/built.mjs';

const history = 'libs/wallets/wallet-history/src';
const { FollowedAddresses } = builtFile(`${history}/follower/followed-addresses`);
const { FollowStarts } = builtFile(`${history}/store/follow-starts`);

const [CHAINS, LINKS, TARGET_MS] = [20, 100, 5];

/** CPU of the followers of 20 chains for one link, among many followed addresses, without the database. */
export async function linkWallets({ linked, check }) {
  const digestOf = (index) => ({
    walletId: `wallet ${index}`,
    keyId: 'k1',
    digest: Buffer.from(String(index).padStart(32)),
    provider: 'ethereum',
    environment: 'production',
    chainId: null,
    linkedAt: new Date(index),
  });
  let listener;
  const followed = {
    listen: (given) => (listener = given),
    find: (_, walletIds) => Promise.resolve(walletIds.map((id) => digestOf(Number(id.slice(7))))),
    async *all() {
      for (let at = 0; at < linked; at += 1_000)
        yield Array.from({ length: Math.min(1_000, linked - at) }, (_, index) => digestOf(at + index));
    },
  };
  say(`Following ${linked} addresses ...`);
  const addresses = new FollowedAddresses(followed, { read: (work) => work(null) });
  await addresses.refresh(true);
  const chains = Array.from({ length: CHAINS }, (_, index) => ({
    chain: { id: `eip155:${index + 1}`, environment: 'production' },
    starts: new FollowStarts(new Map(), [{ linkedUntil: new Date(linked - 1), fromBlock: 1 }]),
    version: addresses.version,
  }));
  check();
  const before = process.cpuUsage();
  for (let link = 0; link < LINKS; link += 1) {
    listener.onChanged(`wallet ${linked + link}`);
    await addresses.refresh();
    for (const each of chains) {
      const added = addresses.addedOn(each.chain, each.version);
      const wanted = { fromBlock: link + 2, areAll: false, now: Infinity, needsRows: false };
      const newWallets = each.starts.newWallets(added, (id) => addresses.linkedAt(id), wanted);
      if (newWallets.start?.linkedUntil.getTime() !== linked + link)
        throw new Error('a link was not noticed');
      each.starts.add(newWallets);
      each.version = addresses.version;
    }
  }
  const { user, system } = process.cpuUsage(before);
  const perLink = (user + system) / 1_000 / LINKS;
  print(`A link among ${linked} addresses, for ${CHAINS} chains: ${perLink.toFixed(3)} ms of CPU.`);
  return perLink < TARGET_MS
    ? []
    : [`A link costs ${perLink.toFixed(1)} ms, and has to cost less than ${TARGET_MS} ms.`];
}
