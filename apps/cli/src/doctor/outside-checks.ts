import type { INestApplicationContext } from '@nestjs/common';
import { LedgerAwayError, LedgerReplay, LedgerStateError } from '@countersign/account';
import { AdminJobs, JobResponse, readUpTo } from '@countersign/admin';
import { ApplicationsService, BotRecords, BotsService, type BotRecord } from '@countersign/applications';
import { ChainStates, FinalBlocks, type ChainState } from '@countersign/chains';
import { Configuration } from '@countersign/config';
import { CustodyClient } from '@countersign/custody-client';
import { AppError } from '@countersign/errors';
import { LedgerFileError } from '@countersign/ledger';
import { askBotApi } from './bot-api';
import { note, ok, unknown, wrong, type Finding } from './finding';

const BACKUPS = 'docs/operations.md#backups';
const CHAINS = 'docs/operations.md#chains';
/** Milliseconds of blocks by which a node may be behind. */
const MAX_BEHIND = 120_000;
const MAX_BOTS = 1_000;
const BOTS_AT_ONCE = 16;
/** No check of a bot starts later, in milliseconds, so that the last ones end within the time limit. */
const BOTS_TIME = 15_000;

/** The nodes of each chain: reachable, of this chain, none behind, and two of one opinion. */
export async function* chainFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  const states = await app.get(ChainStates).list();
  if (states.length === 0) {
    yield ok('chains', 'none is configured');
    return;
  }
  for (const state of states) yield* nodeFindings(state);
  for (const state of states) yield* await agreementOf(app, state);
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

/** Without a matching ledger the service does not start, or loses erasures at a restore. */
export async function* ledgerFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  try {
    const state = await app.get(LedgerReplay).examine();
    if (state === null)
      yield note(
        'ledger',
        'ERASURE_LEDGER is not set: the restore of a backup brings erased accounts back',
        BACKUPS,
      );
    else if (state === 'restored')
      yield note(
        'ledger',
        'the database is a restored backup: the next replica that starts repeats its erasures',
        BACKUPS,
      );
    else yield ok('ledger', state === 'new' ? 'it is new' : 'it belongs to this database');
  } catch (error) {
    const isKnown = [LedgerStateError, LedgerFileError, LedgerAwayError].some(
      (kind) => error instanceof kind,
    );
    if (!isKnown) throw error;
    yield wrong('ledger', (error as Error).message, BACKUPS);
  }
}

export async function* custodyFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  const custody = app.get(CustodyClient);
  if (!custody.isConfigured) {
    yield ok('custody', 'CUSTODY_SOCKET is not set: there are no embedded wallets');
    return;
  }
  try {
    const { toRewrap } = await custody.health();
    const waiting = `${toRewrap} wallet(s) wait for its active key`;
    yield toRewrap > 0
      ? note('custody', waiting, 'docs/operations.md#wallet-keys')
      : ok('custody', 'answers');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    yield wrong(
      'custody',
      'nothing answers at CUSTODY_SOCKET, or it cannot reach its database: acts with embedded wallets are refused',
      'start bin/countersign-custody, and let this user enter the folder of the socket (docs/operations.md#wallet-keys)',
    );
  }
}

export async function* jobFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  const jobs = (await app.get(AdminJobs).list()).map((one) => JobResponse.of(one));
  const overdue = jobs.filter(({ isOverdue }) => isOverdue).map(({ name }) => name);
  yield overdue.length === 0
    ? ok('jobs', 'none is overdue')
    : wrong(
        'jobs',
        `overdue: ${overdue.join(', ')}`,
        'see that a replica with JOBS=on is ready, and look for `a job failed` in its log',
      );
}

/** @param api where the Bot API of Telegram is */
export async function* botFindings(app: INestApplicationContext, api: string): AsyncGenerator<Finding> {
  const records = app.get(BotRecords);
  const bots = await readUpTo(
    MAX_BOTS + 1,
    (keyset) => records.list({}, keyset),
    ({ id }) => id,
  );
  if (bots.length === 0) {
    yield note('bots', 'there is none', 'countersign bot add --help');
    return;
  }
  const madeUp = app.get(Configuration).demoTelegramKeys.map(({ botId }) => botId);
  const asked: BotRecord[] = [];
  for (const bot of bots.slice(0, MAX_BOTS)) {
    const check = `bot ${bot.botId}`;
    if (bot.status === 'compromised')
      yield wrong(
        check,
        'it is marked as compromised',
        'countersign bot leaked (docs/operations.md#bots-over-time)',
      );
    else if (bot.status === 'disabled') yield note(check, 'it is disabled: it was not asked for');
    else if (bot.provider !== 'telegram') yield note(check, 'its messenger has no call that checks a token');
    else if (bot.environment === 'production' && madeUp.includes(bot.botId))
      yield note(check, 'DEMO_TELEGRAM_KEY has a key for it: Telegram was not asked');
    else asked.push(bot);
  }
  const last = Date.now() + BOTS_TIME;
  let lookedAt = 0;
  while (lookedAt < asked.length && Date.now() < last) {
    const together = asked.slice(lookedAt, lookedAt + BOTS_AT_ONCE);
    lookedAt += together.length;
    for (const found of await Promise.all(together.map((bot) => findingsOf(app, api, bot)))) yield* found;
  }
  if (lookedAt < asked.length)
    yield unknown(
      'bots',
      `${asked.length - lookedAt} of ${asked.length} were not looked at, as the time was over: from bot ${asked[lookedAt]?.botId ?? ''} on, newest first`,
    );
  if (bots.length > MAX_BOTS)
    yield unknown('bots', `more than ${MAX_BOTS}: the older ones were not looked at`);
  if (lookedAt > 0)
    yield note(
      'bots',
      'Telegram does not say what the domain of the Login Widget and the URL of the main Mini App are',
      'compare both at BotFather with the setting origins',
    );
}

/** An error at one bot does not stop the others. */
async function findingsOf(
  app: INestApplicationContext,
  api: string,
  bot: BotRecord,
): Promise<readonly Finding[]> {
  try {
    const { publicUrl } = app.get(Configuration);
    const own = publicUrl === null ? [] : [new URL(publicUrl).origin];
    const { settings } = await app.get(ApplicationsService).getById(bot.applicationId);
    const token = await app.get(BotsService).tokenOf(bot);
    return await askBotApi(api, { bot, token, origins: [...settings.origins, ...own] });
  } catch (error) {
    const { name, code } = error as Error & { code?: unknown };
    return [
      unknown(`bot ${bot.botId}`, `it cannot be looked at (${typeof code === 'string' ? code : name})`),
    ];
  }
}
