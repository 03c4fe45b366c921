import type { Declaration } from '../declaration';
import { application } from './application';
import { audit } from './audit';
import { board } from './board';
import { bot } from './bot';
import { chain } from './chain';
import { custody } from './custody';
import { doctor } from './doctor';
import { explain } from './explain';
import { fakeTelegram } from './fake-telegram';
import { identity } from './identity';
import { identityKey } from './identity-key';
import { importing } from './import';
import { installation } from './installation';
import { invitation } from './invitation';
import { job } from './job';
import { keys } from './keys';
import { listing } from './listing';
import { migrate } from './migrate';
import { principal } from './principal';
import { rapidpace } from './rapidpace';
import { send } from './send';
import { session } from './session';
import { team } from './team';
import { user } from './user';
import { wallet } from './wallet';
import { webhook } from './webhook';

/** All commands, in the order of the help. */
export const declarations: readonly Declaration[] = [
  application,
  bot,
  user,
  importing,
  session,
  installation,
  identity,
  identityKey,
  chain,
  job,
  keys,
  migrate,
  doctor,
  principal,
  team,
  invitation,
  listing,
  board,
  wallet,
  send,
  custody,
  webhook,
  audit,
  rapidpace,
  explain,
  fakeTelegram,
];
