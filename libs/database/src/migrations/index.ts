import { InitialSchema1763600000000 } from './1763600000000-initial-schema';
import { EveryDoor1763700000000 } from './1763700000000-every-door';
import { AtTheGateway1763800000000 } from './1763800000000-at-the-gateway';
import { BotsThatAreGone1763900000000 } from './1763900000000-bots-that-are-gone';
import { IdentitiesOfSessions1764000000000 } from './1764000000000-identities-of-sessions';

/** All migrations, oldest first. One that has landed is never edited. */
export const migrations = [
  InitialSchema1763600000000,
  EveryDoor1763700000000,
  AtTheGateway1763800000000,
  BotsThatAreGone1763900000000,
  IdentitiesOfSessions1764000000000,
];
