import { gatewaySection } from './sections/gateway';
import { peopleSection } from './sections/people';
import { stepUpSection } from './sections/step-up';
import { tokensSection } from './sections/tokens';
import { walletSection } from './sections/wallet';
import { addGroup } from './section';

addGroup('1. Sign in', false);
peopleSection();
addGroup('2. Tokens');
tokensSection();
addGroup('3. Gateway');
gatewaySection();
addGroup('4. A wallet, and leaving');
walletSection();
stepUpSection();
