import { deviceKeySection } from './sections/device-key';
import { gatewaySection } from './sections/gateway';
import { peopleSection } from './sections/people';
import { stepUpSection } from './sections/step-up';
import { teamsSection } from './sections/teams';
import { theftSection } from './sections/theft';
import { tokensSection } from './sections/tokens';
import { walletSection } from './sections/wallet';

peopleSection();
tokensSection();
theftSection();
deviceKeySection();
stepUpSection();
walletSection();
teamsSection();
gatewaySection();
