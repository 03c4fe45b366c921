import { auditTrail } from './audit-trail.mjs';
import { leaderboards } from './boards.mjs';
import { crypto } from './crypto.mjs';
import { doors } from './doors.mjs';
import { events } from './events.mjs';
import { keys } from './keys.mjs';
import { metapro } from './metapro.mjs';
import { operators } from './operators.mjs';
import { people } from './people.mjs';
import { races } from './races.mjs';
import { sending } from './sending.mjs';
import { sends } from './sends.mjs';
import { sessions } from './sessions.mjs';
import { ton } from './ton.mjs';
import { walletActs } from './wallet-acts.mjs';
import { walletKeys } from './wallet-keys.mjs';
import { walletProofs } from './wallet-proofs.mjs';
import { wallets } from './wallets.mjs';
import { webhooks } from './webhooks.mjs';
import { xellar } from './xellar.mjs';

/** Every mistake that `npm run test:mutants` makes. */
export const mutants = [
  ...crypto,
  ...sessions,
  ...doors,
  ...operators,
  ...races,
  ...auditTrail,
  ...events,
  ...walletProofs,
  ...walletKeys,
  ...walletActs,
  ...sending,
  ...sends,
  ...wallets,
  ...ton,
  ...webhooks,
  ...keys,
  ...people,
  ...leaderboards,
  ...metapro,
  ...xellar,
];
