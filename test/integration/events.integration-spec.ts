import { waysOfSessions } from '../support/audit-ways-of-sessions';
import { describeEvents } from '../support/event-walk';

/** All other acts are performed in `events.nightly-spec.ts`. */
describeEvents(waysOfSessions, { isComplete: false });
