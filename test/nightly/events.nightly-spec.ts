import { waysWithEvents } from '../support/audit-ways';
import { describeEvents } from '../support/event-walk';

describeEvents(waysWithEvents, { isComplete: true });
