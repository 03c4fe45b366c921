import type { INestApplicationContext } from '@nestjs/common';
import { AdminJobs, JobResponse, readUpTo } from '@countersign/admin';
import { ApplicationsService, BotRecords, BotsService } from '@countersign/applications';
import { ChainStates, FinalBlocks, type ChainState } from '@countersign/chains';
import { Configuration } from '@countersign/config';
import { CustodyClient } from '@countersign/custody-client';
import { AppError } from '@countersign/errors';
import { FollowerStates } from '@countersign/wallet-history';
import { askBotApi } from './bot-api';
import { note, ok, unknown, wrong, type Finding } from './finding';

const CHAINS = 'docs/operations.md#chains';
/** Milliseconds of blocks by which a node may be behind. */
const MAX_BEHIND = 120_000;
const MAX_BOTS = 200;

/** The nodes of each chain: reachable, of this chain, none behind, and two of one opinion. */
export async function chainFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const states = await app.get(ChainStates).list();
  if (states.length === 0) return [ok('chains', 'none is configured')];
  const findings: Finding[] = [];
  for (const state of states) findings.push(...nodeFindings(state), ...(await agreementOf(app, state)));
  const followers = await app.get(FollowerStates).report();
  if (followers !== null)
    findings.push(wrong('chains', `blocks: ${followers}`, 'run countersign follow, and read its log'));
  return findings;
}

const remedies = {
  away: 'check the URL in CHAINS_FILE, the network, and the provider',
  limited: 'lower requestsPerSecond in CHAINS_FILE, or get a larger plan',
  refused: 'check the key in the URL of CHAINS_FILE, and the methods of the plan',
  lying: 'its URL belongs to another chain, or it cannot be trusted: replace it in CHAINS_FILE',
} as const;

function nodeFindings({ chain, nodes, indexers }: ChainState): readonly Finding[] {
  const check = `chain ${chain.id}`;
  const heads = nodes.flatMap(({ head }) => (head === null ? [] : [head]));
  const newest = Math.max(...heads);
  const tolerated = Math.max(2, Math.ceil(MAX_BEHIND / chain.blockTimeMs));
  const of = (kind: string, all: ChainState['nodes']): readonly Finding[] =>
    all.map(({ index, state, reason, head }) => {
      if (state !== 'up')
        return wrong(check, `${kind} ${index} is ${state} (${reason ?? 'no reason'})`, remedies[state]);
      if (head !== null && kind === 'node' && newest - head > tolerated)
        return wrong(
          check,
          `${kind} ${index} is ${newest - head} blocks behind`,
          'wait, or replace it in CHAINS_FILE',
        );
      return ok(check, `${kind} ${index} is up${head === null ? '' : `, at block ${head}`}`);
    });
  const single =
    nodes.length === 1
      ? [
          note(
            check,
            'one node: no other one can contradict it',
            `add a second one, of another operator (${CHAINS})`,
          ),
        ]
      : [];
  return [...of('node', nodes), ...of('indexer', indexers), ...single];
}

async function agreementOf(
  app: INestApplicationContext,
  { chain, nodes }: ChainState,
): Promise<readonly Finding[]> {
  const check = `chain ${chain.id}`;
  if (chain.kind !== 'evm' || nodes.length < 2) return [];
  const final = await app.get(FinalBlocks).of(chain);
  if (final === 'away') return [unknown(check, 'no two nodes answer for a final block')];
  if (final === 'differ')
    return [
      wrong(
        check,
        'two nodes have different blocks as the same final one',
        `find the wrong one, and replace it (${CHAINS})`,
      ),
    ];
  return [ok(check, `two nodes agree about block ${final.number}`)];
}

export async function custodyFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const custody = app.get(CustodyClient);
  if (!custody.isConfigured)
    return [ok('custody', 'CUSTODY_SOCKET is not set: there are no embedded wallets')];
  try {
    const { toRewrap } = await custody.health();
    const waiting = `${toRewrap} wallet(s) wait for its active key`;
    return [
      toRewrap > 0 ? note('custody', waiting, 'docs/operations.md#wallet-keys') : ok('custody', 'answers'),
    ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [
      wrong(
        'custody',
        'nothing answers at CUSTODY_SOCKET, or it cannot reach its database: acts with embedded wallets are refused',
        'start bin/countersign-custody, and let this user enter the folder of the socket (docs/operations.md#wallet-keys)',
      ),
    ];
  }
}

export async function jobFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const jobs = (await app.get(AdminJobs).list()).map((one) => JobResponse.of(one));
  const overdue = jobs.filter(({ isOverdue }) => isOverdue).map(({ name }) => name);
  if (overdue.length === 0) return [ok('jobs', 'none is overdue')];
  const remedy = 'see that a replica with JOBS=on is ready, and look for `a job failed` in its log';
  return [wrong('jobs', `overdue: ${overdue.join(', ')}`, remedy)];
}

/** @param api where the Bot API of Telegram is */
export async function botFindings(app: INestApplicationContext, api: string): Promise<readonly Finding[]> {
  const records = app.get(BotRecords);
  const bots = await readUpTo(
    MAX_BOTS + 1,
    (keyset) => records.list({}, keyset),
    ({ id }) => id,
  );
  if (bots.length === 0) return [note('bots', 'there is none', 'countersign bot add --help')];
  const { publicUrl } = app.get(Configuration);
  const own = publicUrl === null ? [] : [new URL(publicUrl).origin];
  const findings: Finding[] =
    bots.length > MAX_BOTS
      ? [unknown('bots', `more than ${MAX_BOTS}: the older ones were not looked at`)]
      : [];
  for (const bot of bots.slice(0, MAX_BOTS)) {
    const check = `bot ${bot.botId}`;
    if (bot.status === 'compromised')
      findings.push(
        wrong(
          check,
          'it is marked as compromised',
          'countersign bot leaked (docs/operations.md#bots-over-time)',
        ),
      );
    else if (bot.status === 'disabled') findings.push(note(check, 'it is disabled: it was not asked for'));
    else if (bot.provider !== 'telegram')
      findings.push(note(check, 'its messenger has no call that checks a token'));
    else {
      const { settings } = await app.get(ApplicationsService).getById(bot.applicationId);
      const token = await app.get(BotsService).tokenOf(bot);
      findings.push(...(await askBotApi(api, { bot, token, origins: [...settings.origins, ...own] })));
    }
  }
  return findings;
}
