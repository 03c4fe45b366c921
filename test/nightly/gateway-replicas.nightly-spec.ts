import { describeSilentNotifications } from '../support/silent-notifications';

describeSilentNotifications('lost on their way');
